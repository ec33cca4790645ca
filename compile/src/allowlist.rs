//! The variables of an allowlist: one per container, with the names of the workload's containers that match it, and one
//! for whether the allowlist matches (section Matching of docs/semantics.md).

mod container;
mod volume;

use hallpass_policy::{Allowlist, Constraint};
use hallpass_workload::HostNamespace;

use crate::constraints::{self, Constraints};
use crate::cost::Cost;
use crate::text::{Names, all_of, any_of, indented, literal};
use crate::variable::Variable;
use crate::workload;

/// The variables of an allowlist.
pub(crate) struct Compiled {
    /// `metadata.name`
    pub(crate) name: String,
    /// The variables. The last one is the verdict.
    pub(crate) variables: Vec<Variable>,
    pub(crate) cost: Cost,
}

impl Compiled {
    pub(crate) fn of(allowlist: &Allowlist<'_>, constraints: &Constraints, names: &mut Names) -> Self {
        let verdict = names.unique("allow", allowlist.name);
        let mut variables = Vec::with_capacity(allowlist.containers.len() + 1);
        for container in &allowlist.containers {
            variables
                .push(Variable::new(names.unique(&verdict, container.name), container::matching(container)));
        }
        let mut conditions = vec![format!("variables.label.all(name, name == {})", literal(allowlist.name))];
        conditions.extend(exemptions(allowlist, constraints));
        conditions.extend(pod(allowlist));
        conditions.push(volume::listed(&allowlist.volumes));
        let of_containers: Vec<String> =
            variables.iter().map(|variable| format!("c.name in variables.{}", variable.name)).collect();
        conditions.push(format!("variables.containers.all(c,\n  {}\n)", indented(&any_of(&of_containers))));
        variables.push(Variable::new(verdict, all_of(&conditions)));
        Compiled { name: allowlist.name.to_owned(), variables, cost: Cost::of(allowlist) }
    }

    /// Returns the name of the variable for whether the allowlist matches.
    pub(crate) fn verdict(&self) -> &str {
        self.variables.last().map_or("", |variable| &variable.name)
    }
}

/// M1: the workload must not violate constraints from which the allowlist does not exempt.
fn exemptions(allowlist: &Allowlist<'_>, constraints: &Constraints) -> impl Iterator<Item = String> {
    let others = constraints.exemptible(true).filter(|constraint| !allowlist.exempts_from(*constraint));
    others.map(|constraint: Constraint| format!("variables.{}.size() == 0", constraints::name(constraint)))
}

/// M3 and M10, for the Pod.
fn pod(allowlist: &Allowlist<'_>) -> impl Iterator<Item = String> {
    let flag =
        |variable: &str, is_set: bool| format!("{}variables.{variable}", if is_set { "" } else { "!" });
    let namespaces = HostNamespace::ALL.map(|namespace| {
        flag(constraints::host_namespace(namespace), allowlist.host_namespaces.contains(&namespace))
    });
    let host_users = flag("host_users", allowlist.host_users);
    namespaces.into_iter().chain([host_users]).chain(app_armor("variables.app_armor", allowlist.app_armor))
}

/// M10: the profiles that the allowlist accepts; `None` if it accepts all.
fn app_armor(profile: &str, accepted: Option<hallpass_workload::AppArmor<'_>>) -> Option<String> {
    use hallpass_workload::AppArmor;
    match accepted {
        None => Some(format!("{profile} in ['', 'RuntimeDefault']")),
        Some(AppArmor::Unconfined) => None,
        Some(AppArmor::RuntimeDefault | AppArmor::Localhost(_)) => {
            Some(format!("{profile} == {}", literal(&workload::app_armor(accepted))))
        }
    }
}
