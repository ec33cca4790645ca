//! docs/testing.md and docs/authors.md are walks through a repository: its files are written, and its commands run, in the
//! order of the page.
//!
//! After a deliberate change, `UPDATE_DOCS=1 cargo test -p hallpass --test it docs` updates the outputs; review the diff.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use hallpass_author::difference::Class;
use tempfile::TempDir;

use crate::support::repository;

/// A part of the page in a code block.
enum Block<'p> {
    /// `# PATH` and the contents.
    File(&'p str, &'p str),
    /// A part of a file that hallpass has written.
    Excerpt(&'p str),
    /// A command line and its output.
    Command(&'p str, &'p str),
}

fn blocks(page: &str) -> Vec<Block<'_>> {
    let fenced = page.split("\n```").skip(1).step_by(2);
    fenced.map(block).collect()
}

fn block(fenced: &str) -> Block<'_> {
    let (language, text) = fenced.split_once('\n').unwrap();
    // The last line break is that before the fence.
    match language {
        "console" => {
            let (command, output) = text.split_once('\n').unwrap_or((text, ""));
            let command = command.strip_prefix("$ ").unwrap();
            assert!(["hallpass ", "git "].iter().any(|program| command.starts_with(program)), "{command}");
            Block::Command(command, output)
        }
        _ => match text.strip_prefix("# ").and_then(|text| text.split_once('\n')) {
            Some((path, contents)) => Block::File(path, contents),
            None => Block::Excerpt(text),
        },
    }
}

/// Renders the page's chart for the program that takes the place of Helm: the page uses nothing but these expressions.
fn render(folder: &Path) {
    let chart = folder.join("chart");
    let Ok(template) = fs::read_to_string(chart.join("templates/daemonset.yaml")) else { return };
    let read = |path: &Path| fs::read_to_string(path).unwrap_or_default();
    let values = |text: &str| -> Vec<(String, String)> {
        let pairs = text.lines().filter_map(|line| line.split_once(": "));
        pairs.map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
    };
    let printed = chart.join("printed");
    fs::create_dir_all(&printed).unwrap();
    let files = fs::read_dir(folder.join("values")).into_iter().flatten();
    let names = files.map(|file| file.unwrap().file_name()).chain(["default".into()]);
    for name in names {
        let mut text = template.clone();
        let own = values(&read(&folder.join("values").join(&name)));
        for (key, value) in own.iter().chain(&values(&read(&chart.join("values.yaml")))) {
            text = text.replace(&format!("{{{{ .Values.{key} }}}}"), value);
        }
        for (key, value) in values(&read(&chart.join("Chart.yaml"))) {
            let mut name = key.chars();
            let name: String = name.next().into_iter().flat_map(char::to_uppercase).chain(name).collect();
            text = text.replace(&format!("{{{{ .Chart.{name} }}}}"), &value);
        }
        let source = "# Source: acme-agent/templates/daemonset.yaml";
        fs::write(printed.join(name), format!("---\n{source}\n{text}\n")).unwrap();
    }
}

/// Runs a command line, and returns what it prints.
fn run(folder: &Path, command: &str) -> String {
    let programs = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/programs");
    let built = Path::new(env!("CARGO_BIN_EXE_hallpass")).parent().unwrap();
    let path = format!("{programs}:{}:{}", built.display(), std::env::var("PATH").unwrap());
    let mut bash = Command::new("bash");
    bash.args(["--noprofile", "--norc", "-c", command]).current_dir(folder).stdin(Stdio::null());
    bash.env("PATH", path).env_remove("COLUMNS").env("GIT_CONFIG_GLOBAL", "/dev/null");
    for name in ["GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"] {
        bash.env(name, "acme");
    }
    let output = bash.output().unwrap();
    assert!(output.stderr.is_empty(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Follows a page, and returns the number of its commands.
fn follow(page_name: &str) -> usize {
    let file = repository().join(page_name);
    let page = fs::read_to_string(&file).unwrap();
    let folder = TempDir::new().unwrap();
    let mut commands = 0;
    let mut updated = page.clone();
    for block in blocks(&page) {
        match block {
            Block::File(path, contents) => {
                let path = folder.path().join(path);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, format!("{contents}\n")).unwrap();
                render(folder.path());
            }
            Block::Excerpt(text) => {
                let file = fs::read_to_string(folder.path().join("tests/agent.yaml")).unwrap();
                assert!(file.contains(&format!("\n{text}\n")), "the page shows\n{text}\nof\n{file}");
            }
            Block::Command(command, expected) => {
                commands += 1;
                let printed = run(folder.path(), command);
                if std::env::var_os("UPDATE_DOCS").is_some() {
                    let shown =
                        |output: &str| format!("$ {command}\n{output}\n```").replace("\n\n```", "\n```");
                    updated = updated.replacen(&shown(expected), &shown(printed.trim_end()), 1);
                    continue;
                }
                assert_eq!(printed.trim_end(), expected, "{page_name} shows another output of `{command}`");
            }
        }
    }
    if updated != page {
        fs::write(file, updated).unwrap();
    }
    commands
}

#[test]
fn the_page_on_tests_shows_what_hallpass_prints() {
    assert!(follow("docs/testing.md") >= 4, "a failure, an update, a success and a new version");
}

#[test]
fn the_page_for_authors_lists_every_class_of_differences() {
    let page = fs::read_to_string(repository().join("docs/authors.md")).unwrap();
    let (_, table) = page.split_once("| class |").unwrap();
    let rows = table.split("\n\n").next().unwrap().lines().skip(2);
    let listed: Vec<&str> = rows.map(|row| row.split('`').nth(1).unwrap()).collect();
    assert_eq!(listed, Class::ALL.map(Class::name));
}

#[test]
fn the_page_for_authors_shows_what_hallpass_prints() {
    assert!(follow("docs/authors.md") >= 6, "two versions generated, checked and compared");
}
