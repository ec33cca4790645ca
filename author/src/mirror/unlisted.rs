//! Images that no allowlist lists.

use hallpass_document::{Diagnostic, Value};
use hallpass_policy::{AllowlistSet, Options, Role, Verdict, Workload, decide, manifests};

/// Returns a diagnostic for each image in a document whose digest no allowlist lists, except in workloads that are admitted
/// without an allowlist.
#[must_use]
pub fn unlisted(root: &Value<'_>, allowlists: &AllowlistSet<'_>, options: &Options<'_>) -> Vec<Diagnostic> {
    let (found, _) = manifests(root);
    let mut faults = Vec::new();
    for manifest in found {
        let Ok(Role::Workload(kind)) = manifest.role() else { continue };
        let Ok(read) = Workload::read(&manifest, kind) else { continue };
        let workload = &read.workload;
        if decide(workload, allowlists, options).verdict == Verdict::Admitted {
            continue;
        }
        for container in &workload.containers {
            let Some(image) = &container.image else { continue };
            let is_listed = |digest: &[u8; 32]| {
                let mut entries = allowlists.iter().flat_map(|allowlist| &allowlist.containers);
                entries.any(|entry| entry.digests.binary_search(digest).is_ok())
            };
            if image.sha256.is_some_and(|digest| is_listed(&digest)) {
                continue;
            }
            let path = format!("{}/image", container.pointer(&workload.spec_pointer));
            let (message, help) = match image.digest {
                Some(_) => (
                    format!("no allowlist lists the digest of image `{}`", image.full),
                    "ask the vendor for an allowlist that lists it: `hallpass digests` writes it",
                ),
                None => (
                    format!("image `{}` has no digest, so that no allowlist can list it", image.full),
                    "refer to it by its digest",
                ),
            };
            faults.push(Diagnostic::new(path, message).help(help));
        }
    }
    faults
}
