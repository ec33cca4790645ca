//! `hallpass explain`: docs/semantics.md in a terminal.

use crate::support::hallpass;

fn explained(width: u32, ids: &[&str]) -> String {
    let output = hallpass().arg("explain").args(ids).env("COLUMNS", width.to_string()).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Returns the first words of the lines in the list, which are indented below titles.
fn ids() -> Vec<String> {
    let list = explained(400, &[]);
    let lines = list.lines().filter_map(|line| line.strip_prefix("  "));
    lines.map(|line| line.split(' ').next().unwrap().to_owned()).collect()
}

#[test]
fn every_section_is_in_the_list_and_fits_every_width() {
    let ids = ids();
    for id in ["W1", "C3", "M7", "P1", "exit-codes", "constraint-profiles", "image-with-tag", "host-path"] {
        assert!(ids.iter().any(|listed| listed == id), "{id}: {ids:?}");
    }
    for id in &ids {
        for width in [40, 80, 120] {
            let text = explained(width, &[id]);
            for line in text.lines() {
                // Code lines are not wrapped.
                let is_code = line.starts_with("    ");
                assert!(is_code || line.chars().count() <= width as usize, "{id} at {width}: {line}");
                for markup in ["**", "](", "<a id", "```", "|---", "### "] {
                    assert!(!line.contains(markup), "{id} at {width}: {line}");
                }
            }
        }
    }
}

#[test]
fn several_are_explained_in_turn() {
    let text = explained(80, &["m7", "hallpass/volume-type"]);
    assert!(text.starts_with("M7 Environment\n"), "{text}");
    assert!(text.contains("\n\nC9 Bans without an exemption\n\n"), "{text}");
}

#[test]
fn colors_are_for_terminals() {
    let colored = hallpass().args(["explain", "M7", "--color", "always"]).output().unwrap().stdout;
    assert!(colored.contains(&0x1b));
    assert!(!explained(80, &["M7"]).contains('\u{1b}'));
}

#[test]
fn shells_complete_rules_and_partners() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = hallpass().args(["completions", shell]).output().unwrap().stdout;
        let script = String::from_utf8(script).unwrap();
        // clap_complete supports positional arguments only in these shells.
        if ["bash", "zsh"].contains(&shell) {
            for word in ["M11", "autogke-no-host-port", "Trend-Vision-One"] {
                assert!(script.contains(word), "{shell}: {word}");
            }
        }
        assert!(script.contains("explain") && script.contains("partners"), "{shell}");
    }
}
