//! The output that users see, word for word: `tests/cmd/*.trycmd` contain commands with their output and exit codes.
//!
//! After a deliberate change, `TRYCMD=overwrite cargo test -p hallpass --test it cli` updates them; review the diff.

#[test]
fn commands_print_what_their_files_say() {
    trycmd::TestCases::new().case("tests/cmd/*.trycmd");
}
