//! The digest that an allowlist has for an image without one.

use std::collections::BTreeMap;

use hallpass_document::{Diagnostic, sha256_to_hex};
use hallpass_policy::{AllowedContainer, AllowlistSet, Workload};
use hallpass_workload::{Container, ImageReference};

/// The maximum number of digests in a message.
const SHOWN: usize = 3;

/// Returns the only digest that allowlists have for a container, and the name of the first that has it. The entries for a
/// container are those in the same list whose image matches (rule M5); with the label, only those of the allowlist that it
/// names, and of the same name (rule M2). The error has no path.
pub(super) fn pin(
    workload: &Workload<'_>,
    container: &Container<'_>,
    image: &ImageReference<'_>,
    allowlists: &AllowlistSet<'_>,
) -> Result<([u8; 32], String), Diagnostic> {
    let label = workload.matching_label.as_ref().map(|label| label.allowlist);
    let considered = allowlists.iter().filter(|allowlist| label.is_none_or(|label| label == allowlist.name));
    let entries =
        considered.flat_map(|allowlist| allowlist.containers.iter().map(|entry| (allowlist.name, entry)));
    let entries: Vec<(&str, &AllowedContainer<'_>)> = entries
        .filter(|(_, entry)| entry.list == container.list)
        .filter(|(_, entry)| label.is_none() || entry.name == container.name)
        .filter(|(_, entry)| entry.image.as_ref().is_some_and(|allowed| allowed.matcher.matches(image.path)))
        .collect();
    let mut digests: BTreeMap<[u8; 32], &str> = BTreeMap::new();
    for (allowlist, entry) in &entries {
        for digest in entry.digests.iter() {
            digests.entry(*digest).or_insert(allowlist);
        }
    }
    let mut found = digests.iter();
    if let (Some((digest, allowlist)), None) = (found.next(), found.next()) {
        return Ok((*digest, (*allowlist).to_owned()));
    }
    let what = format!("image `{}` of container `{}` has no digest", image.full, container.name);
    let by_hand = format!(
        "write `{}@sha256:DIGEST`, with the digest that `crane digest {}` prints",
        image.path, image.full
    );
    Err(match (entries.first(), digests.len()) {
        (None, _) => {
            let whose = match label {
                Some(label) => format!("the allowlist `{label}`, which the label names, has no entry for it"),
                None => "no allowlist has an entry for it".to_owned(),
            };
            Diagnostic::new(String::new(), format!("{what}, and {whose}")).help(by_hand)
        }
        (Some((allowlist, _)), 0) => {
            let message = format!("{what}, and the allowlist `{allowlist}` lists none for it");
            Diagnostic::new(String::new(), message).help(by_hand)
        }
        (Some(_), count) => {
            let listed: Vec<String> = digests
                .iter()
                .take(SHOWN)
                .map(|(digest, allowlist)| format!("`sha256:{}` in `{allowlist}`", sha256_to_hex(digest)))
                .collect();
            let more = count - listed.len();
            let more = if more > 0 { format!(", and {more} more") } else { String::new() };
            let message = format!("{what}, and {count} are listed for it: {}{more}", listed.join(", "));
            Diagnostic::new(String::new(), message).help(format!("choose one of them: {by_hand}"))
        }
    })
}
