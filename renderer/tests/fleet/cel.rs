//! The policies for workloads: their size, and what is wrong with the allowlists.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use hallpass_renderer::{Fleet, WorkloadPolicies, render};
use serde_json::Value as Json;

use crate::manifests::objects;
use crate::support::{load, read};

const FLEET: &str = "\
apiVersion: hallpass.dev/v1alpha1
kind: Fleet
metadata: {name: acme}
spec:
  clusters:
  - {name: a, admission: cel, gkeVersion: 1.34.1-gke.1000000}
  - {name: b, admission: cel, gkeVersion: 1.35.1-gke.1000000}
  - {name: c, admission: cel}
  cel: [{clusters: {}, allowlists: [], profile: autopilot, shard: SHARD}]
  delivery:
  - {clusters: {}, argo: {repoURL: https://git.example/fleet.git, targetRevision: main}}
";

fn fleet(shard: &str) -> Fleet {
    read(&FLEET.replace("SHARD", shard)).unwrap().fleet
}

/// Allowlists of several kilobytes each.
fn many(count: usize) -> String {
    let mut text = String::new();
    for number in 0..count {
        let images: Vec<String> = (0..100).map(|image| format!("sha256:{image:064}")).collect();
        let _ = writeln!(
            text,
            "---\napiVersion: auto.gke.io/v1\nkind: WorkloadAllowlist\nmetadata: {{name: agent-{number:04}}}\n\
             exemptions: [autogke-disallow-privilege]\nmatchingCriteria:\n  containers:\n  - name: agent\n    \
             image: registry.example/agent-{number:04}\n    securityContext: {{privileged: true}}\n    \
             args: [{}]",
            images.join(", ")
        );
    }
    text
}

/// The objects of a cluster.
fn of_cluster(fleet: &Fleet, policies: &WorkloadPolicies, cluster: &str) -> Vec<Json> {
    let files = render(fleet, policies);
    let path = format!("clusters/{cluster}/cel/workloads.yaml");
    objects(files.iter().find(|file| file.path == path).unwrap())
}

#[test]
fn a_large_policy_is_applied_server_side() {
    let fleet = fleet("none");
    let mut policies = WorkloadPolicies::new(&fleet);
    for (count, large) in [(1, false), (100, true)] {
        let faults = load(&mut policies, &fleet, 0, &many(count));
        assert!(faults.errors.is_empty() && faults.warnings.is_empty(), "{faults:#?}");
        for object in of_cluster(&fleet, &policies, "a") {
            let options = &object["metadata"]["annotations"]["argocd.argoproj.io/sync-options"];
            let is_large = large && object["kind"] == "ValidatingAdmissionPolicy";
            assert_eq!(options == "ServerSideApply=true", is_large, "{options}");
            assert_eq!(object.to_string().len() > 256 * 1024, is_large);
        }
    }
}

/// In double quotes, the lines of an expression would be one.
#[test]
fn expressions_of_several_lines_are_blocks() {
    let fleet = fleet("label");
    let mut policies = WorkloadPolicies::new(&fleet);
    load(&mut policies, &fleet, 0, &many(2));
    let files = render(&fleet, &policies);
    let lines = files.iter().flat_map(|file| file.contents.lines());
    let quoted: Vec<&str> = lines.clone().filter(|line| line.contains("xpression: \"")).collect();
    assert_eq!(quoted, [] as [&str; 0]);
    assert!(lines.filter(|line| line.ends_with("xpression: |-")).count() > 50);
}

#[test]
fn policies_that_are_too_large_are_errors_until_they_are_split() {
    let text = many(400);
    let errors = |shard: &str| -> Vec<String> {
        let fleet = fleet(shard);
        let faults = load(&mut WorkloadPolicies::new(&fleet), &fleet, 0, &text);
        faults.errors.iter().map(ToString::to_string).collect()
    };
    let found = errors("none");
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].starts_with("/spec/cel/0/allowlists: policy `hallpass-privileged-workloads` has "));
    assert!(
        found[0].ends_with(
            "(use one policy per allowlist, shard `label`; if this policy has only one, split the allowlist)"
        ),
        "{found:#?}"
    );
    assert_eq!(errors("label"), [] as [String; 0]);
}

#[test]
fn an_allowlist_for_a_later_version_is_a_warning() {
    let fleet = fleet("none");
    let mut policies = WorkloadPolicies::new(&fleet);
    let text = many(2).replacen("exemptions:", "minGKEVersion: 1.35.0-gke.1\nexemptions:", 1);
    let faults = load(&mut policies, &fleet, 0, &text);
    assert!(faults.errors.is_empty(), "{faults:#?}");
    let warnings: Vec<String> = faults.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(
        warnings,
        [
            "/spec/cel/0/allowlists: allowlist `agent-0000` needs GKE `1.35.0-gke.1`, so it admits nothing on cluster `a` \
             (upgrade, or remove the allowlist)"
        ]
    );
    for (cluster, expected) in [("a", false), ("b", true), ("c", true)] {
        let objects = of_cluster(&fleet, &policies, cluster);
        assert!(objects[0].to_string().contains("agent-0001"));
        assert_eq!(objects[0].to_string().contains("agent-0000"), expected, "{cluster}");
    }
}

#[test]
fn without_its_allowlists_a_fleet_admits_nothing_privileged() {
    let fleet = fleet("none");
    let [policy, binding] = of_cluster(&fleet, &WorkloadPolicies::new(&fleet), "a").try_into().unwrap();
    let variables = policy["spec"]["variables"].as_array().unwrap();
    let allowlist = variables.iter().find(|variable| variable["name"] == "allowlist").unwrap();
    assert!(allowlist["expression"].as_str().unwrap().ends_with("''"), "{allowlist}");
    assert_eq!(binding["spec"]["validationActions"], serde_json::json!(["Deny"]));
}

/// A binding that replaced another would leave a policy without effect.
#[test]
fn no_binding_has_the_name_of_another() {
    let text = FLEET.replace("SHARD", "label, bindings: [{actions: [Deny]}, {actions: [Audit]}]");
    let fleet = read(&text).unwrap().fleet;
    let mut policies = WorkloadPolicies::new(&fleet);
    let text = many(1) + &many(1).replace("name: agent-0000", "name: agent-0000-2");
    assert_eq!(load(&mut policies, &fleet, 0, &text).errors, []);
    let objects = of_cluster(&fleet, &policies, "a");
    let names: BTreeSet<String> =
        objects.iter().map(|object| format!("{} {}", object["kind"], object["metadata"]["name"])).collect();
    assert_eq!((objects.len(), names.len()), (9, 9), "{names:#?}");
}
