//! Random workloads, asked as an API server asks: the verdict is the native engine's.

use super::every_case::differences;
use super::server;
use crate::engines::question::of_samples;

#[test]
fn come_out_as_they_do_natively() {
    let server = server();
    let differing: Vec<String> =
        of_samples().iter().flat_map(|question| differences(&server, question)).collect();
    assert!(differing.is_empty(), "{} differ\n{}", differing.len(), differing.join("\n"));
}
