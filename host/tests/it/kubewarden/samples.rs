//! Random workloads as admission requests: the verdict is that of the native engine.

use super::every_case::{Asked, differences};
use super::server;
use crate::engines::question::of_samples;

#[test]
fn come_out_as_they_do_natively() {
    let server = server();
    let mut asked = Asked::default();
    let differing: Vec<String> =
        of_samples().iter().flat_map(|question| differences(&server, question, &mut asked)).collect();
    assert!(differing.is_empty(), "{} differ\n{}", differing.len(), differing.join("\n"));
    let Asked { exempted, denied, .. } = asked;
    assert!(exempted > 10 && denied > 100, "{asked:?}");
}
