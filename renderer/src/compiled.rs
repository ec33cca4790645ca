//! Compiled policies as files of `hallpass compile`.

use hallpass_compile::Policy;

use crate::cel::differences;
use crate::object;

/// The first words of a file.
pub const HEAD: &str = "# Made by `hallpass compile`";

/// Its first line.
pub const FIRST_LINE: &str = "# Made by `hallpass compile`: change the allowlists, not this file.";

/// Returns the file of a policy with its bindings.
#[must_use]
pub fn text(policy: &Policy) -> String {
    let objects: Vec<_> = std::iter::once(&policy.policy).chain(&policy.bindings).cloned().collect();
    format!("{FIRST_LINE}\n{}{}", differences(), object::write(&objects))
}
