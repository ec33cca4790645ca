//! What users see, word for word: `tests/cmd/*.trycmd` hold commands with their output and exit codes.
//!
//! After a deliberate change, `TRYCMD=overwrite cargo test -p hallpass --test it cli` writes them anew; read the diff.

#[test]
fn commands_print_what_their_files_say() {
    trycmd::TestCases::new().case("tests/cmd/*.trycmd");
}
