//! The output in the README and in docs/gitops.md is what hallpass prints.

use std::fs;

use crate::support::{copy, hallpass, repository};

/// The typo in the invalid fleet of docs/gitops.md, which is otherwise the example.
const TYPO: [&str; 2] = ["waitsFor: [datadog]", "waitsFor: [datdog]"];

/// Returns a copy of the examples, so that rendered files are removed with the test.
fn checkout() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&repository().join("examples"), &folder.path().join("examples"));
    let fleet = fs::read_to_string(folder.path().join("examples/fleet.yaml")).unwrap();
    assert!(fleet.contains(TYPO[0]));
    fs::write(folder.path().join("fleet.yaml"), fleet.replace(TYPO[0], TYPO[1])).unwrap();
    folder
}

/// Returns the arguments and the output of every example that shows output.
fn shown(page: &str) -> Vec<(Vec<&str>, &str)> {
    let blocks = page.split("```console\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let examples = blocks.filter_map(|block| block.strip_prefix("$ hallpass ")?.split_once('\n'));
    let with_output = examples.filter(|(_, output)| !output.is_empty() && !output.starts_with("$ "));
    with_output.map(|(command, output)| (command.split(' ').collect(), output)).collect()
}

#[test]
fn the_pages_show_what_hallpass_prints() {
    for (page, least) in [("README.md", 1), ("docs/gitops.md", 3)] {
        let text = fs::read_to_string(repository().join(page)).unwrap();
        let examples = shown(&text);
        assert!(examples.len() >= least, "{page}: {examples:?}");
        for (arguments, output) in examples {
            let folder = checkout();
            let run = hallpass().args(&arguments).current_dir(folder.path()).output().unwrap();
            assert!(run.stderr.is_empty(), "{arguments:?}: {}", String::from_utf8_lossy(&run.stderr));
            let printed = String::from_utf8(run.stdout).unwrap();
            assert_eq!(printed, output, "{page} shows another output of {arguments:?}");
        }
    }
}
