//! The output that users see, word for word: `tests/cmd/*.trycmd` contain commands with their output and exit codes.
//!
//! After a deliberate change, `TRYCMD=overwrite cargo test -p hallpass --test it cli` updates them; review the diff.

/// Programs that take the place of Helm and kustomize come first on the `PATH`.
#[test]
fn commands_print_what_their_files_say() {
    let programs = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/programs");
    let path = std::env::var("PATH").unwrap();
    trycmd::TestCases::new().env("PATH", format!("{programs}:{path}")).case("tests/cmd/*.trycmd");
}
