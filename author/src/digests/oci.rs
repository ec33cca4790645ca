//! The JSON files of OCI images: indexes and manifests, also in Docker's older formats.

use hallpass_document::{Value, sha256_from_hex};
use hallpass_workload::ImageReference;

use super::Digest;

/// A reference to a blob.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Descriptor {
    /// What the blob is.
    pub kind: Kind,
    /// Its digest.
    pub digest: Digest,
    /// Its size in bytes.
    pub size: u64,
    /// The repository, if the annotations name one.
    pub repository: Option<String>,
}

/// What a blob is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A list of manifests.
    Index,
    /// The manifest of one platform.
    Manifest,
    /// A manifest that no container runs: an attestation, a signature.
    Artifact,
    /// Anything else: a configuration, a layer.
    Other,
}

/// The descriptors in an index or a manifest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// Those of manifests and indexes.
    pub manifests: Vec<Descriptor>,
    /// Those of the configuration and the layers.
    pub parts: Vec<Descriptor>,
}

const INDEXES: [&str; 2] =
    ["application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json"];
const MANIFESTS: [&str; 2] =
    ["application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json"];

/// The annotations that may contain the name of an image, the more precise one first.
const NAMES: [&str; 2] = ["io.containerd.image.name", "org.opencontainers.image.ref.name"];
/// Docker's mark of attestations.
const REFERENCE_TYPE: &str = "vnd.docker.reference.type";

/// Reads an index or a manifest.
///
/// # Errors
/// It is not valid; the error is a predicate with the file as its subject.
pub fn contents(json: &[u8]) -> Result<Contents, String> {
    let root = Value::from_json(json).map_err(|error| format!("is {error}"))?;
    if !matches!(root, Value::Map(_)) {
        return Err("is not a JSON object".to_owned());
    }
    let list = |key: &str| match root.get(key) {
        None => Ok(Vec::new()),
        Some(Value::List(items)) => items.iter().map(descriptor).collect(),
        Some(_) => Err(format!("has `{key}`, but not as a list")),
    };
    let config = root.get("config").map(descriptor).transpose()?;
    Ok(Contents { manifests: list("manifests")?, parts: config.into_iter().chain(list("layers")?).collect() })
}

fn descriptor(value: &Value<'_>) -> Result<Descriptor, String> {
    let text = |key: &str| value.get(key).and_then(Value::as_str);
    let digest = text("digest").ok_or("has a descriptor without `digest`")?;
    let bytes = digest.strip_prefix("sha256:").and_then(sha256_from_hex);
    let bytes = bytes.ok_or_else(|| format!("refers to `{digest}`, which is not a SHA-256 digest"))?;
    let size = match value.get("size") {
        Some(Value::Int(size)) => u64::try_from(*size).ok(),
        _ => None,
    };
    let size = size.ok_or_else(|| format!("gives no valid size for `{digest}`"))?;
    let media_type = text("mediaType").unwrap_or_default();
    let kind = match media_type {
        _ if is_artifact(value) => Kind::Artifact,
        index if INDEXES.contains(&index) => Kind::Index,
        manifest if MANIFESTS.contains(&manifest) => Kind::Manifest,
        _ => Kind::Other,
    };
    Ok(Descriptor { kind, digest: bytes, size, repository: repository(value) })
}

fn is_artifact(descriptor: &Value<'_>) -> bool {
    let platform = |key: &str| descriptor.get("platform").and_then(|platform| platform.get(key)?.as_str());
    let is_unknown = platform("os") == Some("unknown") && platform("architecture") == Some("unknown");
    let annotations = descriptor.get("annotations");
    let is_attestation = annotations.is_some_and(|annotations| annotations.get(REFERENCE_TYPE).is_some());
    is_unknown || is_attestation || descriptor.get("artifactType").is_some()
}

/// Many programs write only a tag into the annotation.
fn repository(descriptor: &Value<'_>) -> Option<String> {
    let annotations = descriptor.get("annotations")?;
    let mut names = NAMES.iter().filter_map(|name| annotations.get(name)?.as_str());
    let name = names.find(|name| name.contains('/'))?;
    Some(ImageReference::parse(name).path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Kind, contents};

    #[test]
    fn an_index_lists_platforms_and_attestations() {
        let (one, two) = ("1".repeat(64), "2".repeat(64));
        let json = format!(
            r#"{{"manifests": [
                {{"mediaType": "application/vnd.oci.image.index.v1+json", "digest": "sha256:{one}", "size": 7,
                  "annotations": {{"org.opencontainers.image.ref.name": "1.0", "io.containerd.image.name": "r.example/a:1.0"}}}},
                {{"mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": "sha256:{two}", "size": 8,
                  "platform": {{"os": "unknown", "architecture": "unknown"}}}},
                {{"mediaType": "application/vnd.docker.distribution.manifest.v2+json", "digest": "sha256:{two}", "size": 8}}
            ]}}"#
        );
        let read = contents(json.as_bytes()).unwrap();
        let kinds: Vec<Kind> = read.manifests.iter().map(|descriptor| descriptor.kind).collect();
        assert_eq!(kinds, [Kind::Index, Kind::Artifact, Kind::Manifest]);
        assert_eq!(read.manifests[0].repository.as_deref(), Some("r.example/a"));
        assert_eq!((read.manifests[0].digest, read.manifests[0].size), ([0x11; 32], 7));
    }

    #[test]
    fn a_manifest_has_a_configuration_and_layers() {
        let hex = "1".repeat(64);
        let part = format!(r#"{{"mediaType": "x", "digest": "sha256:{hex}", "size": 1}}"#);
        let json = format!(r#"{{"config": {part}, "layers": [{part}, {part}]}}"#);
        let read = contents(json.as_bytes()).unwrap();
        assert_eq!((read.manifests.len(), read.parts.len()), (0, 3));
    }

    #[test]
    fn invalid_files_are_errors() {
        let hex = "1".repeat(64);
        for (json, error) in [
            ("[]".to_owned(), "is not a JSON object"),
            (r#"{"manifests": {}}"#.to_owned(), "has `manifests`, but not as a list"),
            (r#"{"manifests": [{}]}"#.to_owned(), "has a descriptor without `digest`"),
            (
                r#"{"manifests": [{"digest": "sha256:../../etc/passwd"}]}"#.to_owned(),
                "refers to `sha256:../../etc/passwd`, which is not a SHA-256 digest",
            ),
            (
                format!(r#"{{"layers": [{{"digest": "sha256:{hex}", "size": -1}}]}}"#),
                &format!("gives no valid size for `sha256:{hex}`"),
            ),
        ] {
            assert_eq!(contents(json.as_bytes()).unwrap_err(), error, "{json}");
        }
        assert!(contents(b"{").unwrap_err().starts_with("is not valid JSON: "));
    }
}
