//! Compiled policies as YAML files.

use hallpass_compile::{DIFFERENCES, Policy};

use crate::object;

/// The first words of a file of `hallpass compile`.
pub const HEAD: &str = "# Made by `hallpass compile`";

/// Returns the file of a policy with its bindings: `head`, the differences between the policy and hallpass as comments, and
/// the objects.
#[must_use]
pub fn text(head: &str, policy: &Policy) -> String {
    let mut text = format!(
        "{head}\n#\n# It refuses more than `hallpass check` in these cases (docs/cel.md), and never less:\n"
    );
    for difference in DIFFERENCES {
        text.push_str(&format!("# {}: {}\n", difference.id, difference.text));
    }
    let objects: Vec<_> = std::iter::once(&policy.policy).chain(&policy.bindings).cloned().collect();
    text.push_str(&object::write(&objects));
    text
}
