//! Checks for selectors that select nothing: they are typos or obsolete.

use hallpass_document::{Diagnostic, Diagnostics, nearest};

use crate::fleet::selector::Selector;
use crate::fleet::{Cluster, Fleet};

pub(super) fn check(fleet: &Fleet, faults: &mut Diagnostics) {
    let spec = &fleet.spec;
    let mut check = |list: &str, index: usize, whose: String, selector: &Selector| {
        let pointer = format!("/spec/{list}/{index}/clusters");
        if values(&pointer, selector, faults)
            && !spec.clusters.iter().any(|cluster| selector.selects(cluster))
        {
            let help = why_none(selector, &spec.clusters);
            faults.error(Diagnostic::new(pointer, format!("{whose} selects no cluster")).help(help));
        }
    };
    for (index, item) in spec.synchronizers.iter().enumerate() {
        check("synchronizers", index, format!("synchronizer `{}`", item.name), &item.clusters);
    }
    for (index, item) in spec.workloads.iter().enumerate() {
        check("workloads", index, format!("workload `{}`", item.name), &item.clusters);
    }
    for (index, item) in spec.policies.iter().enumerate() {
        check("policies", index, format!("policy `{}`", item.name), &item.clusters);
    }
    for (index, item) in spec.kubewarden.iter().enumerate() {
        check("kubewarden", index, "this entry".to_owned(), &item.clusters);
    }
    for (index, item) in spec.cel.iter().enumerate() {
        check("cel", index, "this entry".to_owned(), &item.clusters);
    }
    for (index, item) in spec.controller.iter().enumerate() {
        check("controller", index, "this entry".to_owned(), &item.clusters);
    }
    for (index, item) in spec.delivery.iter().enumerate() {
        check("delivery", index, "this delivery".to_owned(), &item.clusters);
    }
}

/// Checks that each operator has the right number of values.
fn values(pointer: &str, selector: &Selector, faults: &mut Diagnostics) -> bool {
    let mut sound = true;
    for (index, expression) in selector.match_expressions.iter().enumerate() {
        let at = format!("{pointer}/matchExpressions/{index}/values");
        let operator = expression.operator.name();
        let fault = match (expression.operator.takes_values(), expression.values.is_empty()) {
            (true, true) => {
                Diagnostic::new(at, format!("`{operator}` has no `values`")).help("list at least one value")
            }
            (false, false) => Diagnostic::new(at, format!("`{operator}` takes no `values`"))
                .help("remove them, or write `In` or `NotIn`"),
            _ => continue,
        };
        faults.error(fault);
        sound = false;
    }
    sound
}

fn why_none(selector: &Selector, clusters: &[Cluster]) -> String {
    let keys = || clusters.iter().flat_map(|cluster| cluster.labels.keys()).map(String::as_str);
    let asked = selector.match_expressions.iter().map(|expression| &expression.key);
    for key in selector.match_labels.keys().chain(asked) {
        if let Some(meant) = nearest(key, keys()) {
            return format!("no cluster has a label `{key}`; did you mean `{meant}`?");
        }
    }
    for (key, value) in &selector.match_labels {
        let values = || clusters.iter().filter_map(|cluster| cluster.labels.get(key)).map(String::as_str);
        if values().any(|known| known == value) {
            continue;
        }
        return match nearest(value, values()) {
            Some(meant) => format!("no cluster has the label `{key}: {value}`; did you mean `{meant}`?"),
            None => {
                format!(
                    "no cluster has the label `{key}: {value}`: fix the selector, or add the label to a cluster"
                )
            }
        };
    }
    "fix its `clusters`, or remove it".to_owned()
}
