//! The recipes of docs/ci.md: each command of hallpass succeeds in a repository whose workload is exempted, and ends with 1
//! in one whose workload is denied.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value as Json;

use super::{file, write_program};
use crate::support::hallpass;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Returns the fenced blocks of a language.
fn blocks<'t>(text: &'t str, language: &str) -> Vec<&'t str> {
    let fence = format!("```{language}\n");
    text.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

/// Returns the scripts in a YAML document that call hallpass.
fn scripts(value: &Json, found: &mut Vec<String>) {
    match value {
        Json::String(text) if text.contains("hallpass check") => found.push(text.clone()),
        Json::Array(items) => items.iter().for_each(|item| scripts(item, found)),
        Json::Object(fields) => fields.values().for_each(|value| scripts(value, found)),
        _ => {}
    }
}

/// Returns all commands of the recipes.
fn commands() -> Vec<String> {
    let text = file("docs/ci.md");
    let console = blocks(&text, "console").into_iter().flat_map(str::lines);
    let mut commands: Vec<String> =
        console.map(|line| line.strip_prefix("$ ").unwrap_or_else(|| panic!("{line}")).to_owned()).collect();
    for block in blocks(&text, "yaml") {
        scripts(&crate::support::document(block.as_bytes()), &mut commands);
    }
    commands.push(command_of_the_action());
    commands
}

/// The step of the workflow that uses the action.
fn step() -> Json {
    let workflow = crate::support::document(workflow().as_bytes());
    let steps = workflow["jobs"]["check"]["steps"].as_array().unwrap();
    steps.iter().find(|step| step["id"] == "hallpass").unwrap().clone()
}

/// What the action runs for the inputs of the workflow that decide the result.
fn command_of_the_action() -> String {
    let mut command = "hallpass check".to_owned();
    for (input, value) in step()["with"].as_object().unwrap() {
        match (input.as_str(), value.as_str()) {
            ("paths", Some(path)) => command.push_str(&format!(" {path}")),
            ("allowlists" | "config", Some(value)) => command.push_str(&format!(" --{input} {value}")),
            ("sarif" | "comment", _) => {}
            _ => panic!("`{input}` is not known here"),
        }
    }
    command
}

/// A repository with everything that the recipes name.
struct Repository {
    folder: tempfile::TempDir,
}

impl Repository {
    /// The manifest is in a file, in a chart, and what the other programs print.
    fn with(manifest: &str) -> Self {
        let repository = Repository { folder: tempfile::tempdir().unwrap() };
        let manifest = file(manifest);
        for name in ["work/deploy/agent.yaml", "printed.yaml"] {
            repository.write(name, &manifest);
        }
        let allowlist = file("examples/allowlists/acme-agent-v1.0.0.yaml");
        for name in
            ["work/allowlists/a.yaml", "work/.base/allowlists/a.yaml", "etc/hallpass/allowlists/a.yaml"]
        {
            repository.write(name, &allowlist);
        }
        let text = file("docs/ci.md");
        let config =
            blocks(&text, "yaml").into_iter().find(|block| block.contains("kind: Config\n")).unwrap();
        for name in ["work/.hallpass.yaml", "work/.base/.hallpass.yaml"] {
            repository.write(name, config);
        }
        repository.write("work/charts/acme/Chart.yaml", "apiVersion: v2\nname: acme\nversion: 1.0.0\n");
        repository.write("work/charts/acme/templates/agent.yaml", &manifest);
        repository.write("work/values/prod.yaml", "{}\n");
        fs::create_dir(repository.path("bin")).unwrap();
        let prints =
            "[ \"$1\" = version ] && echo v3.18.0 && exit\ncat \"$(dirname \"$0\")/../printed.yaml\"\n";
        for program in ["flux", "helm", "kubectl", "kustomize"] {
            write_program(&repository.path("bin"), program, prints);
        }
        let runs = "while [ \"${1#ghcr.io/}\" = \"$1\" ]; do shift; done\nshift\nexec hallpass \"$@\"\n";
        write_program(&repository.path("bin"), "docker", runs);
        std::os::unix::fs::symlink(hallpass().get_program(), repository.path("bin/hallpass")).unwrap();
        repository
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn run(&self, command: &str) -> Output {
        let command = command.replace("/etc/hallpass", &self.path("etc/hallpass").display().to_string());
        let mut bash = Command::new("bash");
        bash.args(["--noprofile", "--norc", "-e", "-u", "-o", "pipefail", "-c", &command]);
        bash.env("PATH", format!("{}:/usr/bin:/bin", self.path("bin").display()));
        bash.current_dir(self.path("work")).output().unwrap()
    }
}

#[test]
fn every_recipe_lets_only_workloads_pass_that_are_admitted() {
    let commands = commands();
    assert!(commands.len() >= 7, "{commands:#?}");
    let kinds =
        ["-o junit", "--values values/prod.yaml --allowlists", "kustomize build", "flux build", "docker run"];
    for kind in kinds {
        assert!(commands.iter().any(|command| command.contains(kind)), "no recipe with `{kind}`");
    }
    let mut wrong = Vec::new();
    for (manifest, code) in [("examples/agent.yaml", 0), ("examples/agent-upgraded.yaml", 1)] {
        for command in &commands {
            let output = Repository::with(manifest).run(command);
            if output.status.code() != Some(code) {
                let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
                wrong.push(format!("{manifest}: {:?} from\n{command}\n{stderr}", output.status.code()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_pull_request_cannot_admit_its_own_workload() {
    let gates: Vec<String> =
        commands().into_iter().filter(|command| command.contains("--config .base/")).collect();
    assert_eq!(gates.len(), 2, "GitHub and GitLab: {gates:#?}");
    let exception = "exceptions:\n- {workload: {name: acme-agent}, reason: none, constraints: \
                     [autogke-disallow-hostnamespaces, autogke-no-write-mode-hostpath, autogke-disallow-privilege]}\n";
    let profile = "apiVersion: hallpass.dev/v1alpha1\nkind: ConstraintProfile\nmetadata: {name: own}\nconstraints: {}\n";
    for change in ["an allowlist", "the config", "the profile"] {
        let repository = Repository::with("examples/agent-upgraded.yaml");
        match change {
            "an allowlist" => {
                let generated = repository.run("hallpass generate deploy/agent.yaml -o allowlists/a.yaml");
                assert!(generated.status.success(), "{}", String::from_utf8_lossy(&generated.stderr));
            }
            "the config" => {
                let config = fs::read_to_string(repository.path("work/.hallpass.yaml")).unwrap();
                repository.write("work/.hallpass.yaml", &format!("{config}{exception}"));
            }
            _ => {
                let config = fs::read_to_string(repository.path("work/.hallpass.yaml")).unwrap();
                for name in ["work/.hallpass.yaml", "work/.base/.hallpass.yaml"] {
                    repository.write(name, &format!("{config}profile: profile.yaml\n"));
                }
                repository.write("work/profile.yaml", profile);
                let strict =
                    "constraints: {autogke-disallow-privilege: {}, autogke-disallow-hostnamespaces: {}}";
                repository.write("work/.base/profile.yaml", &profile.replace("constraints: {}", strict));
            }
        }
        let own = repository.run("hallpass check");
        assert_eq!(own.status.code(), Some(0), "{change}: {}", String::from_utf8_lossy(&own.stdout));
        for gate in &gates {
            let output = repository.run(gate);
            let printed = String::from_utf8_lossy(&output.stdout);
            assert_eq!(output.status.code(), Some(1), "{change} in {gate}\n{printed}");
        }
    }
}

/// Git cleans the folder of a job that is reused, but keeps the registration of the worktree.
#[test]
fn a_second_pipeline_in_the_same_folder_gets_the_base_branch_too() {
    let text = file("docs/ci.md");
    let pipeline =
        blocks(&text, "yaml").into_iter().find(|block| block.contains("merge_request_event")).unwrap();
    let pipeline = crate::support::document(pipeline.as_bytes());
    let script = pipeline["hallpass"]["script"].as_array().unwrap().iter().filter_map(Json::as_str);
    let script: Vec<&str> = script.filter(|line| line.starts_with("git ")).collect();
    assert_eq!(script.len(), 2);
    let repository = Repository::with("examples/agent.yaml");
    let set_up = "rm -r .base && cd .. && git init --quiet --initial-branch main origin && cd origin && \
                  git -c user.name=a -c user.email=a commit --quiet --allow-empty --message one && cd ../work && \
                  git init --quiet && git remote add origin ../origin";
    let variable = "CI_MERGE_REQUEST_TARGET_BRANCH_NAME=main";
    let runs = [set_up.to_owned(), format!("{variable}; {}; git clean -ffdxq", script.join("; "))];
    for command in [&runs[0], &runs[1], &runs[1]] {
        let output = repository.run(command);
        assert!(output.status.success(), "{command}\n{}", String::from_utf8_lossy(&output.stderr));
    }
}

/// Argo CD deploys whatever the plugin prints.
#[test]
fn the_plugin_prints_the_manifests_and_nothing_else() {
    let commands = commands();
    let plugin = commands.iter().find(|command| command.contains("kustomize build")).unwrap();
    let admitted = Repository::with("examples/agent.yaml").run(plugin);
    assert_eq!(String::from_utf8(admitted.stdout).unwrap(), file("examples/agent.yaml"));
    let repository = Repository::with("examples/agent.yaml");
    let settings = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\n";
    repository.write("printed.yaml", settings);
    let without_workload = repository.run(plugin);
    assert_eq!(String::from_utf8(without_workload.stdout).unwrap(), settings);
    let denied = Repository::with("examples/agent-upgraded.yaml").run(plugin);
    assert!(denied.stdout.is_empty());
    assert!(String::from_utf8(denied.stderr).unwrap().contains("denied DaemonSet acme/acme-agent"));
}

fn workflow() -> String {
    let text = file("docs/ci.md");
    let workflow =
        blocks(&text, "yaml").into_iter().find(|block| block.contains("\non: pull_request\n")).unwrap();
    workflow.to_owned()
}

/// Every input in the recipe is one of the action, and the tables list all of them.
#[test]
fn the_workflow_uses_the_action_as_it_is() {
    let action = crate::support::document(file("action.yml").as_bytes());
    let inputs = action["inputs"].as_object().unwrap();
    for input in step()["with"].as_object().unwrap().keys() {
        assert!(inputs.contains_key(input), "`{input}` is not an input of the action");
    }
    let text = file("docs/ci.md");
    for input in inputs.keys() {
        assert!(text.contains(&format!("\n| `{input}` |")), "docs/ci.md does not describe `{input}`");
    }
}

#[test]
fn the_recipes_name_this_version() {
    let text = file("docs/ci.md");
    for named in [
        format!("hallpass-policy=={VERSION}"),
        format!("OWNER/hallpass@COMMIT # v{VERSION}\n"),
        format!("ghcr.io/OWNER/hallpass:{VERSION} "),
    ] {
        assert!(text.contains(&named), "{named}");
    }
    for page in ["docs/authors.md", "docs/gitops.md", "docs/testing.md"] {
        let text = file(page);
        assert!(text.contains(&format!("pipx install hallpass-policy=={VERSION}\n")), "{page}");
    }
}

/// The linters of this repository's workflows accept those to copy.
#[test]
fn the_workflows_to_copy_have_no_findings() {
    let folder = tempfile::tempdir().unwrap();
    let mut workflows = vec![workflow()];
    for page in ["docs/authors.md", "docs/gitops.md", "docs/testing.md"] {
        let text = file(page);
        let mut blocks = blocks(&text, "yaml").into_iter();
        workflows
            .push(blocks.find(|block| block.starts_with("# .github/workflows/")).expect(page).to_owned());
    }
    let file = folder.path().join("hallpass.yml");
    for workflow in workflows {
        // A commit of the example has the length of one.
        fs::write(&file, workflow.replace("COMMIT", &"0123456789".repeat(4))).unwrap();
        for (linter, arguments) in
            [("actionlint", &[][..]), ("zizmor", &["--offline", "--no-progress", "--pedantic"][..])]
        {
            lint(linter, arguments, &file);
        }
    }
}

fn lint(linter: &str, arguments: &[&str], file: &Path) {
    let Ok(output) = Command::new(linter).args(arguments).arg(file).output() else {
        println!("skipped: `{linter}` was not found");
        return;
    };
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{printed}{}", String::from_utf8_lossy(&output.stderr));
}
