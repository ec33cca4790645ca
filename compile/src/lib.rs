//! Compiles a constraint profile and WorkloadAllowlists to ValidatingAdmissionPolicies: the API server then decides as
//! [`hallpass_policy::decide`] does.
//!
//! `docs/cel.md` describes the policies for users. Where CEL cannot express a rule exactly, a policy refuses more:
//! [`DIFFERENCES`] lists these cases, and tests check that the list is correct and complete.

mod allowlist;
mod constraints;
mod cost;
mod difference;
mod exempt;
mod limits;
mod names;
mod options;
mod pattern;
mod policy;
mod selector;
mod text;
mod variable;
mod workload;

pub use cost::{HIGHEST_COST, HIGHEST_EXPRESSION_COST};
pub use difference::{DIFFERENCES, Difference};
pub use exempt::Exempt;
pub use limits::{Excess, LARGEST_POLICY, LONGEST_EXPRESSION};
pub use names::{is_dns_subdomain, namespace, policy_name};
pub use options::{Action, Binding, NAME, Options, Shard};
pub use policy::{Compiled, Policy, compile};
pub use selector::{Selector, SelectorError};
pub use text::{list, literal};
pub use variable::Variable;
