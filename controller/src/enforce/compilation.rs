//! Compiles the allowlists of the cluster. Pure, but slow for a thousand of them.

use std::collections::{BTreeMap, BTreeSet};

use hallpass_compile::{Excess, HIGHEST_COST, LARGEST_POLICY, Policy, Shard, Variable, literal};
use hallpass_document::Value;
use hallpass_policy::{AllowlistSet, Manifest};
use serde_json::Value as Json;

use super::settings::{NAME, Rules};
use crate::object::Revision;

/// A WorkloadAllowlist of the cluster.
#[derive(Clone, Debug)]
pub struct Allowlist {
    /// `metadata.name`
    pub name: String,
    /// The version of its contents.
    pub revision: Revision,
    /// The object as JSON.
    pub json: String,
}

/// The policies of all allowlists that can be enforced.
#[derive(Clone, Debug)]
pub struct Compilation {
    /// The policies, as [`hallpass_compile::compile`] returns them.
    pub policies: Vec<Policy>,
    /// The allowlists that no policy contains, with the reasons. They admit nothing.
    pub left_out: BTreeMap<String, String>,
}

/// Compiles all allowlists but those in `left_out`, and leaves out those that cannot be enforced.
///
/// # Errors
/// The reason why the other allowlists cannot be enforced together.
pub fn compile(
    allowlists: &[Allowlist],
    rules: &Rules,
    mut left_out: BTreeMap<String, String>,
) -> Result<Compilation, String> {
    let values = parsed(allowlists, &mut left_out);
    // Each pass but the last leaves out more.
    loop {
        let set = load(&values, &mut left_out);
        let compiled = hallpass_compile::compile(&set, &rules.options(rules.shard));
        for (name, version) in &compiled.too_new {
            left_out.insert(name.clone(), format!("the allowlist is for GKE {version} and later"));
        }
        let excesses = compiled.excesses();
        let Some(first) = excesses.first() else {
            return Ok(Compilation { policies: compiled.policies, left_out });
        };
        let known = left_out.len();
        match rules.shard {
            Shard::Label => excesses.iter().for_each(|excess| leave_out(excess, &mut left_out)),
            // One policy has all variables. One policy per allowlist shows which allowlists are too large.
            Shard::None if excesses.iter().any(Excess::is_of_one_allowlist) => {
                let each = hallpass_compile::compile(&set, &rules.options(Shard::Label)).excesses();
                let of_one = each.iter().filter(|excess| excess.is_of_one_allowlist());
                of_one.for_each(|excess| leave_out(excess, &mut left_out));
            }
            Shard::None => {}
        }
        if left_out.len() == known {
            return Err(shown(first));
        }
    }
}

/// Returns the allowlists that a policy in force contains in their current version.
#[must_use]
pub fn in_force(allowlists: &[Allowlist], rules: &Rules, policy: &Json) -> BTreeSet<String> {
    let mut left_out = BTreeMap::new();
    let values = parsed(allowlists, &mut left_out);
    let set = load(&values, &mut left_out);
    let compiled = hallpass_compile::compile(&set, &rules.options(Shard::Label));
    let texts = |pointer: &str| policy.pointer(pointer).and_then(Json::as_array).into_iter().flatten();
    let conditions: Vec<&str> = texts("/spec/matchConditions")
        .filter_map(|condition| condition.get("expression")?.as_str())
        .collect();
    let variables: BTreeSet<(&str, &str)> = texts("/spec/variables")
        .filter_map(|variable| Some((variable.get("name")?.as_str()?, variable.get("expression")?.as_str()?)))
        .collect();
    let is_in_force = |name: &str, own: &Policy| match rules.shard {
        Shard::None => own
            .variables
            .iter()
            .filter(|variable| is_of_allowlist(variable))
            .all(|variable| variables.contains(&(&variable.name, &variable.expression))),
        // The last policy names the allowlists that have their own policies.
        Shard::Label => conditions.iter().any(|condition| condition.contains(&literal(name))),
    };
    let of_one = compiled.policies.iter().filter_map(|policy| Some((allowlist(&policy.name)?, policy)));
    of_one.filter(|(name, own)| is_in_force(name, own)).map(|(name, _)| name.to_owned()).collect()
}

/// Reads the objects as JSON.
fn parsed<'a>(
    allowlists: &'a [Allowlist],
    left_out: &mut BTreeMap<String, String>,
) -> Vec<(&'a str, Value<'a>)> {
    let mut values = Vec::new();
    for allowlist in allowlists {
        match Value::from_json(allowlist.json.as_bytes()) {
            Ok(value) => values.push((allowlist.name.as_str(), value)),
            Err(error) => {
                left_out.insert(allowlist.name.clone(), format!("the object cannot be read: {error}"));
            }
        }
    }
    values
}

/// Loads the allowlists that are not left out, and leaves out invalid ones.
fn load<'v>(values: &'v [(&str, Value<'_>)], left_out: &mut BTreeMap<String, String>) -> AllowlistSet<'v> {
    let wanted = values.iter().filter(|(name, _)| !left_out.contains_key(*name));
    let (names, manifests): (Vec<&str>, Vec<Manifest<'v>>) =
        wanted.filter_map(|(name, value)| Some((*name, Manifest::of_allowlist(value)?))).unzip();
    let load = AllowlistSet::load(&manifests);
    for (index, faults) in load.invalid {
        if let (Some(name), Some(fault)) = (names.get(index), faults.first()) {
            left_out.insert((*name).to_owned(), format!("the allowlist is invalid: {fault}"));
        }
    }
    load.set
}

/// Returns the allowlist to which a policy belongs.
pub(super) fn allowlist(policy: &str) -> Option<&str> {
    policy.strip_prefix(NAME)?.strip_prefix('-')
}

/// Leaves out the allowlist whose policy is too large.
fn leave_out(excess: &Excess, left_out: &mut BTreeMap<String, String>) {
    if let Some(name) = allowlist(excess.name()) {
        left_out.insert(name.to_owned(), shown(excess));
    }
}

/// Whether a variable belongs to an allowlist, and is not one that every policy has.
fn is_of_allowlist(variable: &Variable) -> bool {
    variable.name.starts_with("allow_")
}

/// Returns the message for users of the controller, whose options have other names.
fn shown(excess: &Excess) -> String {
    match excess {
        Excess::Policy(policy, size) if allowlist(policy).is_none() => format!(
            "all allowlists together need a policy of {size} bytes, and the API server accepts about {LARGEST_POLICY}: set \
             `--enforce-shard label`"
        ),
        Excess::Cost(policy, cost) if allowlist(policy).is_none() => format!(
            "an evaluation of all allowlists together costs up to about {cost}, and the API server's limit is {HIGHEST_COST}: set \
             `--enforce-shard label`"
        ),
        Excess::Policy(..) | Excess::Cost(..) => format!("{excess}: split the allowlist"),
        Excess::Expression(..)
        | Excess::ExpressionCost(..)
        | Excess::Name(_)
        | Excess::NotAName(_)
        | Excess::NotALabel(_) => {
            format!("{excess}: {}", excess.help())
        }
    }
}
