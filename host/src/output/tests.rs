//! Nothing that a workload contains breaks out of a format, and nothing is lost: each format is read back as the
//! platforms read it, and compared with the findings.

mod github;
mod gitlab;
mod hostile;
mod junit;
mod markdown;
#[path = "../../tests/it/reports/read/mod.rs"]
mod read;
mod sarif;

use hallpass_document::is_hidden;
use proptest::prelude::ProptestConfig;

fn config() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::default() }
}

/// Whether a file contains no character that could mislead, apart from line breaks.
fn is_visible(text: &str) -> bool {
    !text.contains(|c| c != '\n' && is_hidden(c))
}
