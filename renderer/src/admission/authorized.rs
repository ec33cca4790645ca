//! Refuses unauthorized paths outside GKE, as GKE does for a cluster's `--autopilot-privileged-admission`.

use hallpass_policy::synchronizer::{AuthorizedPaths, REFUSED, SHOWN_PATHS};

use super::Exempt;
use super::paths::{Listed, is, shown};
use crate::object::Object;
use hallpass_compile::literal;

/// Returns the policy that allows synchronizers to name only authorized paths, and its binding.
///
/// [`AuthorizedPaths::permits`] implements the same decision in Rust, and [`AuthorizedPaths::refusal`] the message. The
/// project of a bucket does not matter. An update that only removes paths is always allowed.
#[must_use]
pub fn authorized(paths: &AuthorizedPaths) -> [Object; 2] {
    let mut listed = Listed::default();
    for entry in paths.iter() {
        listed.insert(is("bucketName", entry.bucket().map(literal)), entry.path());
    }
    let count = "variables.unlisted.size()";
    let start = "(has(object.spec.bucketName) ? 'gs://' + string(object.spec.bucketName) + '/' : 'gke://')";
    let quoted = format!("'\\'' + {start} + {} + '\\''", shown("variables.unlisted[index]"));
    let indices: Vec<usize> = (0..SHOWN_PATHS).collect();
    let expression = format!(
        "{} + {indices:?}.filter(index, index < {count}).map(index, {quoted}).join(', ') + ({count} > {SHOWN_PATHS} ? \
         ', and ' + string({count} - {SHOWN_PATHS}) + ' more' : '') + {}",
        literal(REFUSED),
        literal(&paths.not_found())
    );
    let message = format!("{REFUSED}in spec.allowlistPaths{}", paths.not_found());
    listed.policy("hallpass-authorized-paths", &Exempt::default(), (message, expression))
}
