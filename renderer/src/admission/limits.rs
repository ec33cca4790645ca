//! Kubernetes' limits on policies.

use serde_json::Value;

use crate::object::Object;

/// Returns the length of the longest expression in a policy.
#[must_use]
pub fn longest_expression(policy: &Object) -> usize {
    let lists = ["variables", "validations", "matchConditions"];
    let entries = lists.iter().filter_map(|list| policy.get("spec")?.get(list)?.as_array()).flatten();
    // Expressions are ASCII: see `hallpass_compile::literal`.
    entries
        .filter_map(|entry| entry.get("expression").and_then(Value::as_str))
        .map(str::len)
        .max()
        .unwrap_or(0)
}
