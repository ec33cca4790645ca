//! The CRDs, which GKE installs on its own clusters.

use std::sync::LazyLock;

use serde::Deserialize as _;

use crate::object::Object;

static CRDS: LazyLock<Vec<Object>> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "a constant, which tests read")]
    let read = |document| Object::deserialize(document).expect("the CRDs are YAML");
    serde_yaml::Deserializer::from_str(hallpass_schemas::CRDS).map(read).collect()
});

pub(super) fn crds() -> Vec<Object> {
    CRDS.clone()
}
