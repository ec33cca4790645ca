//! The JSON files of OCI images: indexes and manifests, also in Docker's older formats.

use hallpass_document::{Value, sha256_from_hex};
use hallpass_workload::ImageReference;

use super::Digest;

/// A reference to a blob.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Descriptor {
    /// The kind of the blob.
    pub kind: Kind,
    /// Its digest.
    pub digest: Digest,
    /// Its size in bytes.
    pub size: u64,
    /// The repository, if the annotations name one.
    pub repository: Option<String>,
    /// Whether programs that copy images may leave the blob at its URLs.
    pub is_foreign: bool,
}

/// The kind of a blob.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A list of manifests.
    Index,
    /// The manifest of one platform.
    Manifest,
    /// A manifest that no container runs, such as an attestation or a signature.
    Artifact,
    /// Any other blob, such as a configuration or a layer.
    Other,
}

const INDEXES: [&str; 2] =
    ["application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json"];
const MANIFESTS: [&str; 2] =
    ["application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json"];

/// The annotations that may contain the name of an image, the more precise one first.
const NAMES: [&str; 2] = ["io.containerd.image.name", "org.opencontainers.image.ref.name"];
/// Docker's mark of attestations.
const REFERENCE_TYPE: &str = "vnd.docker.reference.type";

/// Returns the descriptors in an index.
///
/// # Errors
/// It is not a valid index; the error is a predicate with the file as its subject.
pub fn index(json: &[u8]) -> Result<Vec<Descriptor>, String> {
    let root = read(json, "an image index", &INDEXES, &["manifests"], &["config", "layers"])?;
    descriptors(&root, "manifests")
}

/// Returns the descriptors of the configuration and the layers of an image.
///
/// # Errors
/// It is not a valid manifest; the error is a predicate with the file as its subject.
pub fn manifest(json: &[u8]) -> Result<Vec<Descriptor>, String> {
    let root = read(json, "an image manifest", &MANIFESTS, &["config", "layers"], &["manifests"])?;
    let mut parts = descriptors(&root, "layers")?;
    if let Some(config) = root.get("config") {
        // No program leaves a configuration elsewhere.
        parts.push(Descriptor { is_foreign: false, ..descriptor(config)? });
    }
    Ok(parts)
}

/// Reads a file; messages refer to it as `called`. Refuses an ambiguous file, because another program could read it as another
/// kind.
fn read<'j>(
    json: &'j [u8],
    called: &str,
    media_types: &[&str],
    fields: &[&str],
    foreign: &[&str],
) -> Result<Value<'j>, String> {
    let root = Value::from_json(json).map_err(|error| format!("is {error}"))?;
    if !matches!(root, Value::Map(_)) {
        return Err("is not a JSON object".to_owned());
    }
    let media_type = root.get("mediaType").map(|found| found.as_str().unwrap_or_default());
    if let Some(other) = media_type.filter(|found| !media_types.contains(found)) {
        return Err(format!("is referred to as {called}, but has the `mediaType` `{other}`"));
    }
    if let Some(missing) = fields.iter().find(|field| root.get(field).is_none()) {
        return Err(format!("is referred to as {called}, but has no `{missing}`"));
    }
    match foreign.iter().find(|field| root.get(field).is_some()) {
        Some(other) => Err(format!("is referred to as {called}, but has `{other}`")),
        None => Ok(root),
    }
}

fn descriptors(root: &Value<'_>, key: &str) -> Result<Vec<Descriptor>, String> {
    match root.get(key) {
        Some(Value::List(items)) => items.iter().map(descriptor).collect(),
        _ => Err(format!("has `{key}`, but not as a list")),
    }
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
    let media_type =
        text("mediaType").ok_or_else(|| format!("has a descriptor without `mediaType`: `{digest}`"))?;
    let kind = match media_type {
        _ if is_artifact(value) => Kind::Artifact,
        index if INDEXES.contains(&index) => Kind::Index,
        manifest if MANIFESTS.contains(&manifest) => Kind::Manifest,
        _ => Kind::Other,
    };
    let is_foreign = matches!(value.get("urls"), Some(Value::List(urls)) if !urls.is_empty());
    Ok(Descriptor { kind, digest: bytes, size, repository: repository(value), is_foreign })
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
    use super::{Kind, index, manifest};

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
        let read = index(json.as_bytes()).unwrap();
        let kinds: Vec<Kind> = read.iter().map(|descriptor| descriptor.kind).collect();
        assert_eq!(kinds, [Kind::Index, Kind::Artifact, Kind::Manifest]);
        assert_eq!(read[0].repository.as_deref(), Some("r.example/a"));
        assert_eq!((read[0].digest, read[0].size), ([0x11; 32], 7));
    }

    #[test]
    fn a_manifest_has_a_configuration_and_layers() {
        let hex = "1".repeat(64);
        let part = |more: &str| format!(r#"{{"mediaType": "x", "digest": "sha256:{hex}", "size": 1{more}}}"#);
        let urls = r#", "urls": ["https://r.example/layer"]"#;
        let json = format!(
            r#"{{"config": {}, "layers": [{}, {}]}}"#,
            part(urls),
            part(r#", "urls": []"#),
            part(urls)
        );
        let read = manifest(json.as_bytes()).unwrap();
        assert_eq!(read.iter().map(|part| part.is_foreign).collect::<Vec<_>>(), [false, true, false]);
    }

    #[test]
    fn a_file_is_what_its_descriptor_says() {
        let (of_index, of_manifest) = (super::INDEXES[0], super::MANIFESTS[1]);
        for (json, as_index, as_manifest) in [
            ("{}".to_owned(), Some("no `manifests`"), Some("no `config`")),
            (r#"{"manifests": []}"#.to_owned(), None, Some("no `config`")),
            (r#"{"manifests": [], "layers": []}"#.to_owned(), Some("`layers`"), Some("no `config`")),
            (
                r#"{"config": {}, "layers": [], "manifests": []}"#.to_owned(),
                Some("`config`"),
                Some("`manifests`"),
            ),
            (
                format!(r#"{{"mediaType": "{of_index}", "manifests": []}}"#),
                None,
                Some("the `mediaType` `application/vnd.oci.image.index.v1+json`"),
            ),
            (
                format!(r#"{{"mediaType": "{of_manifest}", "manifests": []}}"#),
                Some("the `mediaType` `application/vnd.docker.distribution.manifest.v2+json`"),
                Some("no `config`"),
            ),
            (
                r#"{"mediaType": 1, "manifests": []}"#.to_owned(),
                Some("the `mediaType` ``"),
                Some("the `mediaType` ``"),
            ),
        ] {
            let error = |called: &str, has: &str| format!("is referred to as {called}, but has {has}");
            let read = index(json.as_bytes()).err();
            assert_eq!(read, as_index.map(|has| error("an image index", has)), "{json}");
            let read = manifest(json.as_bytes()).err();
            assert_eq!(read, as_manifest.map(|has| error("an image manifest", has)), "{json}");
        }
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
                format!(r#"{{"manifests": [{{"digest": "sha256:{hex}", "size": -1}}]}}"#),
                &format!("gives no valid size for `sha256:{hex}`"),
            ),
            (
                format!(r#"{{"manifests": [{{"digest": "sha256:{hex}", "size": 1}}]}}"#),
                &format!("has a descriptor without `mediaType`: `sha256:{hex}`"),
            ),
        ] {
            assert_eq!(index(json.as_bytes()).unwrap_err(), error, "{json}");
        }
        assert!(index(b"{").unwrap_err().starts_with("is not valid JSON: "));
    }
}
