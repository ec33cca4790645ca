//! No version of the parser promises its texts: a new version must still report each one that [`super::WORDS`] explains.

use saphyr_parser::Parser;

use super::WORDS;

/// Inputs that the reader itself accepts, as kubectl does. The parser alone rejects them.
const ACCEPTED: [(&str, &str); 2] = [
    ("invalid indentation in flow construct", "a:\n  b: [c,\n  d]\n"),
    ("invalid indentation", "a:\n  b: [c,\n d]\n"),
];

#[test]
fn the_parser_reports_every_text_that_has_an_explanation() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/reader/cases");
    let files = std::fs::read_dir(folder).unwrap();
    let cases: String = files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect();
    let is_seen = |theirs: &str, message: &str| match ACCEPTED.iter().find(|(text, _)| *text == theirs) {
        Some((_, input)) => {
            let error = Parser::new_from_str(input).find_map(Result::err).unwrap();
            error.info().starts_with(theirs)
        }
        // Two texts can share an explanation.
        None => {
            let sharing = WORDS.iter().filter(|(_, explanation, _)| *explanation == message).count();
            cases.matches(&format!(": {message} [")).count() >= sharing
        }
    };
    let missing: Vec<_> = WORDS.iter().filter(|(theirs, message, _)| !is_seen(theirs, message)).collect();
    assert!(missing.is_empty(), "without a case, or no longer reported: {missing:#?}");
}
