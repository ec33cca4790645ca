//! Allows only listed allowlists.

use hallpass_policy::synchronizer::AllowedPath;

use super::Exempt;
use super::paths::{Listed, is, shown};
use crate::object::Object;
use hallpass_compile::literal;

/// Returns the policy that allows synchronizers to install only `paths`, and its binding.
///
/// Every path of a synchronizer must be covered by an entry with the same bucket and project;
/// [`hallpass_policy::synchronizer::admits`] implements the same decision in Rust, without the limit
/// [`MOST_PATHS`](super::MOST_PATHS). An update that only removes paths is always allowed.
#[must_use]
pub fn allow_only(paths: &[AllowedPath], exempt: &Exempt) -> [Object; 2] {
    let mut listed = Listed::default();
    for AllowedPath { path, bucket_name, project_number } in paths {
        let bucket = is("bucketName", bucket_name.as_deref().map(literal));
        let project = is("projectNumber", project_number.map(|number| number.to_string()));
        listed.insert(format!("{bucket} && {project}"), path);
    }
    let expression = format!(
        "'allowlist path `' + {} + '`' + (has(object.spec.bucketName) ? ' of bucket `' + \
         string(object.spec.bucketName) + '`' : '') + ' is not allowed on this cluster'",
        shown("variables.unlisted[0]")
    );
    let message = "spec.allowlistPaths contains a path that is not allowed on this cluster".to_owned();
    listed.policy("restrict-allowlist-paths", exempt, (message, expression))
}
