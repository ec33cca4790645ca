//! Policies and bindings.

use std::collections::BTreeSet;

use hallpass_policy::{AllowlistSet, GkeVersion};
use k8s_openapi::api::admissionregistration::v1 as api;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, LabelSelectorRequirement, ObjectMeta};
use serde_json::Value;

use crate::allowlist::Compiled as Allowlist;
use crate::constraints::{self, Constraints};
use crate::options::{Action, Binding, Options, Shard};
use crate::text::{Names, list, literal};
use crate::variable::Variable;
use crate::workload;

/// The compiled policies.
#[derive(Clone, Debug)]
pub struct Compiled {
    /// The policies. With [`Shard::Label`], the last one is for workloads whose label names no allowlist.
    pub policies: Vec<Policy>,
    /// The allowlists that need a later GKE version and admit nothing, with that version.
    pub too_new: Vec<(String, GkeVersion)>,
}

/// A policy with its bindings.
#[derive(Clone, Debug)]
pub struct Policy {
    /// `metadata.name`
    pub name: String,
    /// With [`Shard::Label`], the allowlist; `None` for the policy for all other workloads.
    pub allowlist: Option<String>,
    /// The ValidatingAdmissionPolicy.
    pub policy: Value,
    /// The ValidatingAdmissionPolicyBindings.
    pub bindings: Vec<Value>,
    /// The variables of the policy.
    pub variables: Vec<Variable>,
    /// The estimated cost of its most expensive evaluation, in the units of the API server's limits.
    pub cost: u64,
    /// The estimated cost of its most expensive expression.
    pub highest_cost: u64,
}

/// The kinds that contain Pods (rule W1), by group.
const RESOURCES: [(&str, &[&str]); 3] = [
    ("", &["pods", "pods/ephemeralcontainers", "podtemplates", "replicationcontrollers"]),
    ("apps", &["daemonsets", "deployments", "replicasets", "statefulsets"]),
    ("batch", &["cronjobs", "jobs"]),
];

/// Compiles a profile and allowlists.
#[must_use]
pub fn compile(allowlists: &AllowlistSet<'_>, options: &Options<'_>) -> Compiled {
    let constraints = Constraints::of(options.profile, options.target);
    let mut names = Names::default();
    let (mut compiled, mut too_new) = (Vec::new(), Vec::new());
    for allowlist in allowlists.iter() {
        match (allowlist.min_gke_version, options.target) {
            (Some(minimum), Some(target)) if minimum > target => {
                too_new.push((allowlist.name.to_owned(), minimum))
            }
            _ => compiled.push(Allowlist::of(allowlist, &constraints, &mut names)),
        }
    }
    let builder = Builder { options, constraints: &constraints };
    let policies = match options.shard {
        Shard::None => vec![builder.policy(options.name.to_owned(), None, &compiled)],
        Shard::Label => {
            let of_one = |allowlist: &Allowlist| {
                let name = format!("{}-{}", options.name, allowlist.name);
                let condition = workload::label_is(&format!("label == {}", literal(&allowlist.name)));
                let of_one = std::slice::from_ref(allowlist);
                let policy = builder.policy(name, Some(("label-names-the-allowlist", condition)), of_one);
                Policy { allowlist: Some(allowlist.name.clone()), ..policy }
            };
            let known = list(compiled.iter().map(|allowlist| allowlist.name.as_str()));
            let others = format!("!{}", workload::label_is(&format!("label in {known}")));
            let mut policies: Vec<Policy> = compiled.iter().map(of_one).collect();
            policies.push(builder.policy(
                options.name.to_owned(),
                Some(("label-names-no-allowlist", others)),
                &[],
            ));
            policies
        }
    };
    Compiled { policies, too_new }
}

struct Builder<'b, 'p> {
    options: &'b Options<'p>,
    constraints: &'b Constraints,
}

impl Builder<'_, '_> {
    fn policy(&self, name: String, condition: Option<(&str, String)>, allowlists: &[Allowlist]) -> Policy {
        let variables = self.variables(allowlists);
        let mut conditions = self.options.exempt.match_conditions().unwrap_or_default();
        conditions.extend(
            condition.map(|(name, expression)| api::MatchCondition { name: name.to_owned(), expression }),
        );
        let rule = |(group, resources): &(&str, &[&str])| api::NamedRuleWithOperations {
            api_groups: Some(vec![(*group).to_owned()]),
            api_versions: strings(&["*"]),
            operations: strings(&["CREATE", "UPDATE"]),
            resources: strings(resources),
            ..api::NamedRuleWithOperations::default()
        };
        let policy = api::ValidatingAdmissionPolicy {
            metadata: named(&name),
            spec: Some(api::ValidatingAdmissionPolicySpec {
                failure_policy: Some("Fail".to_owned()),
                match_constraints: Some(api::MatchResources {
                    namespace_selector: self.excluding(),
                    resource_rules: Some(RESOURCES.iter().map(rule).collect()),
                    ..api::MatchResources::default()
                }),
                match_conditions: (!conditions.is_empty()).then_some(conditions),
                variables: Some(variables.iter().map(of_api).collect()),
                validations: Some(vec![validation()]),
                audit_annotations: Some(vec![api::AuditAnnotation {
                    key: "allowlist".to_owned(),
                    // Kubernetes omits an empty annotation.
                    value_expression: "variables.allowlist".to_owned(),
                }]),
                ..api::ValidatingAdmissionPolicySpec::default()
            }),
            status: None,
        };
        let bindings = self.options.bindings.iter().enumerate();
        let bindings = bindings.map(|(index, binding)| object(&bound(&name, index, binding))).collect();
        let costs = || allowlists.iter().map(|allowlist| allowlist.cost);
        let of_allowlists: u64 = costs().map(|cost| cost.total).sum();
        Policy {
            policy: object(&policy),
            bindings,
            allowlist: None,
            name,
            variables,
            cost: of_allowlists + costs().map(|cost| cost.workload).max().unwrap_or_default(),
            highest_cost: costs().map(|cost| cost.highest).max().unwrap_or_default(),
        }
    }

    fn excluding(&self) -> Option<LabelSelector> {
        let excluded = self.options.excluded_namespaces;
        (!excluded.is_empty()).then(|| LabelSelector {
            match_expressions: Some(vec![LabelSelectorRequirement {
                key: "kubernetes.io/metadata.name".to_owned(),
                operator: "NotIn".to_owned(),
                values: Some(excluded.to_vec()),
            }]),
            match_labels: None,
        })
    }

    /// Returns all variables. Each one follows those that it uses.
    fn variables(&self, allowlists: &[Allowlist]) -> Vec<Variable> {
        let mut variables = workload::variables();
        variables
            .extend(self.constraints.variables.iter().flat_map(|(_, variables)| variables.iter().cloned()));
        variables.push(Variable::new("exemptible", self.violations(true)));
        variables.push(Variable::new("not_exemptible", self.violations(false)));
        variables.extend(allowlists.iter().flat_map(|allowlist| allowlist.variables.iter().cloned()));
        variables.extend(first(allowlists));
        variables
    }

    /// Returns the expression for the messages of all violated constraints from which allowlists can exempt, or of the others.
    fn violations(&self, is_exemptible: bool) -> String {
        let lists: Vec<String> = self
            .constraints
            .exemptible(is_exemptible)
            .map(|constraint| {
                let prefix = literal(&format!("{}: ", constraint.id()));
                format!("variables.{}.map(message, {prefix} + message)", constraints::name(constraint))
            })
            .chain((!is_exemptible).then(invalid_range))
            .collect();
        if lists.is_empty() { "[]".to_owned() } else { lists.join(" +\n") }
    }
}

fn validation() -> api::Validation {
    api::Validation {
        expression: "variables.unchanged ||\n\
                     variables.not_exemptible.size() == 0 &&\n  \
                     (variables.exemptible.size() == 0 || variables.allowlist != '')"
            .to_owned(),
        message: Some(
            "the workload violates constraints on privileges, and no WorkloadAllowlist admits it".to_owned(),
        ),
        message_expression: Some(message()),
        reason: Some("Forbidden".to_owned()),
    }
}

/// Returns the message for an invalid annotation, which is an error for hallpass whatever the host ports are (rule C4).
fn invalid_range() -> String {
    let message =
        literal("the annotation autopilot.gke.io/host-port-assignment is not a range of host ports");
    format!("(variables.host_port_ranges_valid ? [] : [{message}])")
}

/// Returns the variables for the name of the first allowlist that matches, in the order of names; empty if none does, or none
/// is needed.
fn first(allowlists: &[Allowlist]) -> Vec<Variable> {
    /// CEL's parser accepts at most 250 nested conditions.
    const NESTED: usize = 100;
    const NAME: &str = "allowlist";
    let (mut variables, mut otherwise) = (Vec::new(), "''".to_owned());
    for (index, chunk) in allowlists.chunks(NESTED).enumerate().rev() {
        let mut expression = String::new();
        for allowlist in chunk {
            expression.push_str(&format!(
                "variables.{} ? {} :\n",
                allowlist.verdict(),
                literal(&allowlist.name)
            ));
        }
        expression.push_str(&otherwise);
        let name = format!("{NAME}_{}", index + 1);
        otherwise = format!("variables.{name}");
        variables.push(Variable::new(name, expression));
    }
    let needless =
        "variables.unchanged || variables.exemptible.size() == 0 || variables.not_exemptible.size() > 0";
    variables.push(Variable::new(NAME, format!("{needless} ? '' :\n{otherwise}")));
    variables
}

/// Returns the expression for the message: the first violations, and what to do. Kubernetes accepts at most 5 KiB of UTF-8.
fn message() -> String {
    const SHOWN: usize = 3;
    const LENGTH: usize = 300;
    let indices: Vec<usize> = (0..SHOWN).collect();
    let all = "(variables.not_exemptible + variables.exemptible)";
    format!(
        "[{all}].map(found,\n  \
         {indices:?}.filter(index, index < found.size()).map(index,\n    \
         found[index].size() > {LENGTH} ? found[index].substring(0, {LENGTH}) + '...' : found[index]).join('; ') +\n  \
         (found.size() > {SHOWN} ? '; and ' + string(found.size() - {SHOWN}) + ' more' : ''))[0] +\n\
         (variables.not_exemptible.size() > 0 ?\n  {} :\n  {})",
        literal(": no WorkloadAllowlist can exempt from all of this"),
        literal(
            ": no WorkloadAllowlist admits this; to see why, run `hallpass check` with the manifest and the allowlists"
        )
    )
}

fn bound(policy: &str, index: usize, binding: &Binding) -> api::ValidatingAdmissionPolicyBinding {
    // Kubernetes refuses a repeated action.
    let actions: BTreeSet<Action> = binding.actions.iter().copied().collect();
    let actions: Vec<&str> = actions.into_iter().map(Action::name).collect();
    // The number is at the start: at the end, it could be part of an allowlist's name, and so name the binding of another policy.
    let name = if index == 0 { policy.to_owned() } else { format!("{}.{policy}", index + 1) };
    api::ValidatingAdmissionPolicyBinding {
        metadata: named(&name),
        spec: Some(api::ValidatingAdmissionPolicyBindingSpec {
            policy_name: Some(policy.to_owned()),
            validation_actions: strings(&actions),
            match_resources: binding.namespaces.as_ref().map(|selector| api::MatchResources {
                namespace_selector: Some(selector.as_label_selector().clone()),
                ..api::MatchResources::default()
            }),
            ..api::ValidatingAdmissionPolicyBindingSpec::default()
        }),
    }
}

fn of_api(variable: &Variable) -> api::Variable {
    api::Variable { name: variable.name.clone(), expression: variable.expression.clone() }
}

fn strings(texts: &[&str]) -> Option<Vec<String>> {
    Some(texts.iter().map(|text| (*text).to_owned()).collect())
}

fn named(name: &str) -> ObjectMeta {
    ObjectMeta { name: Some(name.to_owned()), ..ObjectMeta::default() }
}

#[expect(clippy::expect_used, reason = "text, lists of text and maps of text always serialize")]
fn object(typed: &impl serde::Serialize) -> Value {
    serde_json::to_value(typed).expect("text, lists of text and maps of text")
}
