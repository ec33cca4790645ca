//! What the command line prints, word for word. No command here reaches a cluster.

#[test]
fn messages() {
    trycmd::TestCases::new().env("KUBECONFIG", "none").env("NO_COLOR", "1").case("tests/cmd/*.trycmd");
}
