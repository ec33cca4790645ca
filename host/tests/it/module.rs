//! The modules that the binary embeds and exports.

use std::process::Output;

use hallpass::engine::{KUBEWARDEN, WASM};
use sha2::{Digest as _, Sha256};

use crate::support::hallpass;

fn run(arguments: &[&str]) -> Output {
    hallpass().arg("wasm").args(arguments).output().unwrap()
}

#[test]
fn an_exported_module_is_the_one_that_the_tests_run() {
    for (name, module) in [("plain", WASM), ("kubewarden", KUBEWARDEN)] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("policy.wasm");
        std::fs::write(&file, "an older module").unwrap();
        let output = run(&["export", name, "-o", file.to_str().unwrap()]);
        assert_eq!((output.status.code(), output.stdout.len(), output.stderr.len()), (Some(0), 0, 0));
        assert!(std::fs::read(&file).unwrap() == module);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        assert!(run(&["export", name, "-o", "-"]).stdout == module);
    }
}

#[test]
fn their_digests_are_printed_as_sha256sum_prints_them() {
    let digest = |module: &[u8]| -> String {
        Sha256::digest(module).iter().map(|byte| format!("{byte:02x}")).collect()
    };
    assert_eq!(
        String::from_utf8(run(&["digest"]).stdout).unwrap(),
        format!("{}  plain\n{}  kubewarden\n", digest(WASM), digest(KUBEWARDEN))
    );
}

#[test]
fn the_version_names_the_policy_that_check_runs() {
    let version = String::from_utf8(hallpass().arg("--version").output().unwrap().stdout).unwrap();
    let digest = String::from_utf8(run(&["digest"]).stdout).unwrap();
    let (policy, _) = digest.split_once("  plain").unwrap();
    assert_eq!(version, format!("hallpass {}\npolicy sha256:{policy}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn a_module_that_cannot_be_written_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("missing/policy.wasm");
    let output = run(&["export", "plain", "-o", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(3));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.starts_with("error: cannot be written: no such file or directory"), "{error}");
    assert!(error.contains("policy.wasm"), "{error}");
}

/// The build script and `cargo xtask` build them in separate folders, and the latter sets variables with the paths.
#[test]
fn a_second_build_gives_the_same_bytes() {
    for (variable, module) in [("HALLPASS_MODULE", WASM), ("HALLPASS_MODULE_KUBEWARDEN", KUBEWARDEN)] {
        let Some(second) = std::env::var_os(variable) else {
            println!("skipped: `{variable}` names no second build; `cargo xtask test` makes one");
            continue;
        };
        assert!(std::fs::read(second).unwrap() == module, "the two that `{variable}` is about differ");
    }
}
