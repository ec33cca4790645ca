//! `containerImageDigests`: the image digests that each container may have (rule M5).

use super::field::unknown;
use hallpass_document::{At, Code, Diagnostic, Diagnostics, Value, sha256_from_hex};

/// An item of the list.
pub(super) struct ListedDigests<'v> {
    pub(super) container: &'v str,
    /// JSON pointer to the name of the container.
    pub(super) name_path: String,
    pub(super) digests: Vec<[u8; 32]>,
}

pub(super) fn read_digests<'v>(
    value: &'v Value<'v>,
    at: &At<'_>,
    faults: &mut Diagnostics,
) -> Vec<ListedDigests<'v>> {
    let mut items = Vec::new();
    for (index, item) in faults.list(value, at).iter().enumerate() {
        let at = at.index(index);
        let mut container = None;
        let mut digests = Vec::new();
        for (key, value) in faults.map_item(item, &at) {
            let at = at.key(key);
            match &**key {
                "containerName" => container = faults.string(value, &at),
                "imageDigests" => {
                    for (index, text) in faults.strings(value, &at).into_iter().enumerate() {
                        digests.extend(read_digest(text, &at.index(index), faults));
                    }
                }
                _ => unknown(key, &["containerName", "imageDigests"], &at, faults),
            }
        }
        match container {
            Some(container) => {
                let name_path = at.key("containerName").pointer();
                items.push(ListedDigests { container, name_path, digests });
            }
            None => faults.error(
                Diagnostic::new(at.key("containerName").pointer(), "the digests have no `containerName`")
                    .help("set `containerName` to a container of `matchingCriteria`"),
            ),
        }
    }
    items
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
