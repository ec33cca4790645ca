//! `containerImageDigests`: the image digests that each container may have (rule M5).

use super::field::unknown;
use hallpass_document::{At, Code, Diagnostic, Diagnostics, Value, sha256_from_hex};

/// The digests of all containers of an allowlist.
#[derive(Default)]
pub(super) struct Digests<'v> {
    /// The containers, in order, each with the JSON pointer to its name.
    pub(super) containers: Vec<(&'v str, String)>,
    /// Each digest with its container.
    pub(super) listed: Vec<(&'v str, [u8; 32])>,
}

pub(super) fn read_digests<'v>(value: &'v Value<'v>, at: &At<'_>, faults: &mut Diagnostics) -> Digests<'v> {
    let mut digests = Digests::default();
    for (index, item) in faults.list(value, at).iter().enumerate() {
        let at = at.index(index);
        let mut container = None;
        let mut listed = Vec::new();
        for (key, value) in faults.map_item(item, &at) {
            let at = at.key(key);
            match &**key {
                "containerName" => container = faults.string(value, &at),
                "imageDigests" => {
                    for (index, text) in faults.strings(value, &at).into_iter().enumerate() {
                        listed.extend(read_digest(text, &at.index(index), faults));
                    }
                }
                _ => unknown(key, &["containerName", "imageDigests"], &at, faults),
            }
        }
        match container {
            Some(container) => {
                digests.listed.extend(listed.into_iter().map(|digest| (container, digest)));
                digests.containers.push((container, at.key("containerName").pointer()));
            }
            None => faults.error(
                Diagnostic::new(at.key("containerName").pointer(), "the digests have no `containerName`")
                    .help("set `containerName` to a container of `matchingCriteria`"),
            ),
        }
    }
    digests
}

/// Accepts digests with or without `sha256:`, and upper-case digits; only the workload's digest must be in canonical
/// form.
fn read_digest(text: &str, at: &At<'_>, faults: &mut Diagnostics) -> Option<[u8; 32]> {
    let hex = text.strip_prefix("sha256:").unwrap_or(text);
    let digest = sha256_from_hex(&hex.to_ascii_lowercase());
    if digest.is_none() {
        let fault =
            Diagnostic::new(at.pointer(), format!("`{text}` is not a SHA-256 digest")).code(Code::Digest);
        let digits = hex.chars().count();
        faults.error(if hex.chars().all(|c| c.is_ascii_hexdigit()) {
            fault.help(format!("a digest has 64 hex digits; this has {digits}"))
        } else {
            fault.help("a digest is 64 hex digits (0-9, a-f), with an optional prefix `sha256:`")
        });
    }
    digest
}
