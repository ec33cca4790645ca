//! The limits of the API server on a policy.

use std::fmt;

use crate::cost::{HIGHEST_COST, HIGHEST_EXPRESSION_COST};
use crate::names::{LONGEST_LABEL, LONGEST_NAME, is_dns_subdomain};
use crate::policy::{Compiled, Policy};

/// The maximum length of one expression, in characters. The API server refuses longer ones.
pub const LONGEST_EXPRESSION: usize = 100_000;

/// The maximum size of an object, in bytes of JSON. etcd refuses requests of more than 1.5 MiB; this leaves room for what
/// the API server adds.
pub const LARGEST_POLICY: usize = 1_400_000;

/// The reason why the API server would refuse a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Excess {
    /// The policy is too large: its name, and its size in bytes.
    Policy(String, usize),
    /// An expression is too long: the policy, the variable, and the length in characters.
    Expression(String, String, usize),
    /// An evaluation costs too much: the policy, and the estimated cost.
    Cost(String, u64),
    /// An expression costs too much: the policy, and the estimated cost.
    ExpressionCost(String, u64),
    /// The name of a policy or binding is too long.
    Name(String),
    /// Kubernetes does not accept the name of a policy, because it contains an invalid name of an allowlist.
    NotAName(String),
    /// The name of a policy's allowlist cannot be the value of a label.
    NotALabel(String),
}

impl fmt::Display for Excess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Excess::Policy(name, size) => write!(
                f,
                "policy `{name}` has {size} bytes, and the API server accepts about {LARGEST_POLICY}"
            ),
            Excess::Expression(policy, variable, length) => write!(
                f,
                "variable `{variable}` of policy `{policy}` has {length} characters, and the API server accepts \
                 {LONGEST_EXPRESSION}"
            ),
            Excess::Cost(policy, cost) => write!(
                f,
                "an evaluation of policy `{policy}` costs up to about {cost}, and the API server's limit is {HIGHEST_COST}"
            ),
            Excess::ExpressionCost(policy, cost) => write!(
                f,
                "an expression of policy `{policy}` costs up to about {cost}, and the API server's limit is \
                 {HIGHEST_EXPRESSION_COST}"
            ),
            Excess::Name(name) => {
                write!(f, "the name `{name}` is longer than {LONGEST_NAME} characters")
            }
            Excess::NotAName(name) => write!(f, "`{name}` is not a valid name of a policy"),
            Excess::NotALabel(name) => write!(
                f,
                "the allowlist of policy `{name}` has a name of more than {LONGEST_LABEL} characters, which no label can have"
            ),
        }
    }
}

impl Excess {
    /// Returns the name of the policy or binding.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Excess::Policy(name, _)
            | Excess::Expression(name, ..)
            | Excess::Cost(name, _)
            | Excess::ExpressionCost(name, _)
            | Excess::Name(name)
            | Excess::NotAName(name)
            | Excess::NotALabel(name) => name,
        }
    }

    /// Whether one allowlist alone exceeds the limit.
    #[must_use]
    pub fn is_of_one_allowlist(&self) -> bool {
        match self {
            Excess::Expression(..) | Excess::ExpressionCost(..) => true,
            Excess::Policy(..)
            | Excess::Cost(..)
            | Excess::Name(_)
            | Excess::NotAName(_)
            | Excess::NotALabel(_) => false,
        }
    }

    /// Returns a help line.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            Excess::Policy(..) | Excess::Cost(..) => {
                "use one policy per allowlist, shard `label`; if this policy has only one, split the allowlist"
            }
            Excess::Expression(..) | Excess::ExpressionCost(..) => "split the allowlist",
            Excess::Name(_) => "choose a shorter name",
            Excess::NotAName(_) => "rename the allowlist: a name has lower-case letters, digits, `-` and `.`",
            Excess::NotALabel(_) => "give the allowlist a shorter name",
        }
    }
}

impl Compiled {
    /// Returns the reasons why the API server would refuse the policies; none if it accepts them.
    #[must_use]
    pub fn excesses(&self) -> Vec<Excess> {
        self.policies.iter().flat_map(Policy::excesses).collect()
    }
}

impl Policy {
    /// Returns the size as the API server stores it, in bytes of JSON: server-side apply adds an entry for each variable.
    #[must_use]
    pub fn size(&self) -> usize {
        const ENTRY: usize = r#""k:{\"name\":\"\"}":{".":{},"f:expression":{},"f:name":{}},"#.len();
        let entries = self.variables.iter().map(|variable| variable.name.len() + ENTRY);
        self.policy.to_string().len() + entries.sum::<usize>()
    }

    fn excesses(&self) -> impl Iterator<Item = Excess> {
        // The first binding has the name of the policy.
        let bindings = self.bindings.iter().filter_map(|binding| binding.pointer("/metadata/name")?.as_str());
        let names = std::iter::once(self.name.as_str()).chain(bindings.skip(1));
        let long = names.filter(|name| name.len() > LONGEST_NAME);
        let names = long.map(|name| Excess::Name(name.to_owned()));
        let invalid = (!is_dns_subdomain(&self.name)).then(|| Excess::NotAName(self.name.clone()));
        let unnamable = self.allowlist.as_ref().filter(|name| name.len() > LONGEST_LABEL);
        let unnamable = unnamable.map(|_| Excess::NotALabel(self.name.clone()));
        let size = Some(self.size()).filter(|size| *size > LARGEST_POLICY);
        let size = size.map(|size| Excess::Policy(self.name.clone(), size));
        // Expressions are ASCII: see `literal`.
        let expressions =
            self.variables.iter().filter(|variable| variable.expression.len() > LONGEST_EXPRESSION);
        let expressions = expressions.map(|variable| {
            Excess::Expression(self.name.clone(), variable.name.clone(), variable.expression.len())
        });
        let cost = (self.cost > HIGHEST_COST).then(|| Excess::Cost(self.name.clone(), self.cost));
        let highest = self.highest_cost;
        let of_expression =
            (highest > HIGHEST_EXPRESSION_COST).then(|| Excess::ExpressionCost(self.name.clone(), highest));
        names.chain(invalid).chain(unnamable).chain(size).chain(cost).chain(of_expression).chain(expressions)
    }
}
