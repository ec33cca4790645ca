//! The API server enforces the allowlists that are in the cluster.

use std::collections::BTreeSet;
use std::time::Duration;

use hallpass_controller::enforce::{Kind, LABEL, NAME};
use hallpass_controller::object::allowlists;
use hallpass_controller::once::once;
use k8s_openapi::api::core::v1::Pod;
use kube::ResourceExt as _;
use kube::api::{Api, DynamicObject, ListParams, Patch, PatchParams, PostParams};
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::harness::scenarios;
use crate::support::network::{Call, Fault};
use crate::support::world::{NEVER, OFTEN, Running, SOON, World, allowlist, settings};

scenarios! {
    allowlists_become_policies, one_policy_per_allowlist, changes_are_undone, a_lost_label_is_put_back,
    foreign_objects_are_not_touched, nothing_goes_while_the_cluster_is_unreadable, an_allowlist_cannot_be_compiled,
    the_policy_is_refused, the_policy_is_lost_and_refused, one_of_the_policies_is_refused, nothing_is_permitted,
    a_burst_is_one_change, nothing_is_written_twice, a_policy_is_changed_while_nobody_watches, allowlists_of_others_count, it_is_done_once,
    the_api_server_decides, the_api_server_decides_by_label,
}

/// How long a change needs: it is installed, compiled, and read by the API servers, in up to three stages.
const COVERED: Duration = Duration::from_secs(12);

fn enforcing(world: &World) -> Running {
    world.start_with(OFTEN, &["--repository", &world.url(), "--enforce", "cel"])
}

fn by_label(world: &World) -> Running {
    world.start_with(OFTEN, &["--repository", &world.url(), "--enforce", "cel", "--enforce-shard", "label"])
}

fn by_label_and_quiet(world: &World) -> Running {
    world.start_with(NEVER, &["--repository", &world.url(), "--enforce", "cel", "--enforce-shard", "label"])
}

/// A controller that has installed and enforces `a` and `b`.
async fn started(world: &World, start: fn(&World) -> Running) -> Running {
    world.publish("a.yaml", &allowlist("a", "image-a:1"));
    world.publish("b.yaml", &allowlist("b", "image-b:1"));
    let running = start(world);
    world.apply("s", &["a.yaml"]).await;
    world.apply("t", &["b.yaml"]).await;
    world.until_ready("s", COVERED).await;
    world.until_ready("t", COVERED).await;
    running
}

async fn object(world: &World, kind: Kind, name: &str) -> Option<DynamicObject> {
    world.api(&kind.resource()).get_opt(name).await.unwrap()
}

/// The policy as text; empty if there is none.
async fn policy(world: &World, name: &str) -> String {
    object(world, Kind::Policy, name).await.map(|object| object.data.to_string()).unwrap_or_default()
}

/// The names of our objects.
async fn names(world: &World, kind: Kind) -> BTreeSet<String> {
    let ours = ListParams::default().labels(LABEL);
    let found = world.api(&kind.resource()).list(&ours).await.unwrap();
    found
        .iter()
        .filter(|object| object.labels().contains_key(LABEL))
        .map(|object| object.name_any())
        .collect()
}

async fn until_policies(world: &World, wanted: &[&str]) {
    let wanted: BTreeSet<String> = wanted.iter().map(|name| (*name).to_owned()).collect();
    world
        .until(&format!("the policies are {wanted:?}"), COVERED, async || {
            names(world, Kind::Policy).await == wanted && names(world, Kind::Binding).await == wanted
        })
        .await;
}

async fn change(world: &World, kind: Kind, name: &str, patch: Value) {
    let api = world.api(&kind.resource());
    api.patch(name, &PatchParams::default(), &Patch::Merge(patch)).await.unwrap();
}

async fn allowlists_become_policies(world: &World) {
    let running = started(world, enforcing).await;
    until_policies(world, &[NAME]).await;
    let text = policy(world, NAME).await;
    assert!(text.contains("image-a:1") && text.contains("image-b:1"), "{text}");
    let binding = object(world, Kind::Binding, NAME).await.unwrap().data;
    assert_eq!(binding["spec"]["policyName"], NAME);
    assert_eq!(binding["spec"]["validationActions"], json!(["Deny"]));
    let metrics = running.metrics.text();
    assert!(
        metrics.contains("hallpass_policies 1") && metrics.contains("hallpass_allowlists_not_enforced 0")
    );

    world.publish("a.yaml", &allowlist("a", "image-a:2"));
    let changed = async || policy(world, NAME).await.contains("image-a:2");
    world.until("the policy is the new one", COVERED, changed).await;
    assert!(!policy(world, NAME).await.contains("image-a:1"));
    world.apply("s", &[]).await;
    world.until("`a` is gone", COVERED, async || !policy(world, NAME).await.contains("image-a")).await;
    until_policies(world, &[NAME]).await;
}

async fn one_policy_per_allowlist(world: &World) {
    let _running = started(world, by_label).await;
    let (a, b) = (format!("{NAME}-a"), format!("{NAME}-b"));
    until_policies(world, &[NAME, &a, &b]).await;
    world.network.take_calls();
    world.publish("c.yaml", &allowlist("c", "image-c:1"));
    world.apply("t", &["c.yaml"]).await;
    let c = format!("{NAME}-c");
    until_policies(world, &[NAME, &a, &c]).await;
    let writes: Vec<String> = world
        .network
        .take_calls()
        .iter()
        .filter(|call| {
            call.plural.starts_with("validating") && !["get", "list", "watch"].contains(&call.verb)
        })
        .map(|call| format!("{call:?}"))
        .collect();
    let at = |wanted: &str| {
        let position = writes.iter().position(|write| write == wanted);
        position.unwrap_or_else(|| panic!("no `{wanted}` in {writes:?}"))
    };
    let last = at(&format!("update validatingadmissionpolicies/{NAME}"));
    assert!(at("create validatingadmissionpolicies") < at("create validatingadmissionpolicybindings"));
    assert!(at("create validatingadmissionpolicybindings") < last);
    let removed = at(&format!("delete validatingadmissionpolicybindings/{b}"));
    assert!(last < removed);
    assert!(last < at(&format!("delete validatingadmissionpolicies/{b}")));
}

async fn changes_are_undone(world: &World) {
    let _running = started(world, enforcing).await;
    let before = (policy(world, NAME).await, object(world, Kind::Binding, NAME).await.unwrap().data);
    let is_back = async || {
        let binding = object(world, Kind::Binding, NAME).await.map(|object| object.data).unwrap_or_default();
        (policy(world, NAME).await, binding) == before
    };
    let edits = [
        (Kind::Policy, json!({"spec": {"failurePolicy": "Ignore"}})),
        (Kind::Policy, json!({"spec": {"matchConditions": [{"name": "never", "expression": "false"}]}})),
        (Kind::Binding, json!({"spec": {"validationActions": ["Audit"]}})),
    ];
    for (kind, patch) in edits {
        change(world, kind, NAME, patch.clone()).await;
        world.until(&format!("{patch} is undone"), SOON, is_back).await;
    }
    for kind in Kind::ALL {
        world.delete(&kind.resource(), NAME).await;
        world.until(&format!("the {kind:?} is back"), SOON, is_back).await;
    }
}

async fn a_lost_label_is_put_back(world: &World) {
    let _running = started(world, enforcing).await;
    sleep(Duration::from_secs(2)).await;
    change(world, Kind::Policy, NAME, json!({"metadata": {"labels": null}})).await;
    until_policies(world, &[NAME]).await;
    change(world, Kind::Policy, NAME, json!({"metadata": {"annotations": {"added": "annotation"}}})).await;
    let is_back = async || {
        let object = object(world, Kind::Policy, NAME).await.unwrap();
        !object.annotations().contains_key("added")
    };
    world.until("the annotation is gone", SOON, is_back).await;
}

async fn foreign_objects_are_not_touched(world: &World) {
    let mut foreign = DynamicObject::new(NAME, &Kind::Binding.resource());
    foreign.data = json!({"spec": {"policyName": "other", "validationActions": ["Deny"]}});
    let api = world.api(&Kind::Binding.resource());
    api.create(&PostParams::default(), &foreign).await.unwrap();
    world.publish("a.yaml", &allowlist("a", "image-a:1"));
    let _running = enforcing(world);
    world.apply("s", &["a.yaml"]).await;
    let message = "Initial install failed: it is installed, but not enforced: hallpass did not create the \
                   ValidatingAdmissionPolicyBinding `hallpass-privileged-workloads`: delete or rename it";
    world.until_file("s", "a.yaml", "Failed", message).await;
    assert_eq!(object(world, Kind::Binding, NAME).await.unwrap().data["spec"]["policyName"], "other");
    world.delete(&Kind::Binding.resource(), NAME).await;
    world.until_ready("s", COVERED).await;
    until_policies(world, &[NAME]).await;
}

async fn nothing_goes_while_the_cluster_is_unreadable(world: &World) {
    started(world, by_label).await.stop().await;
    let before =
        (world.versions(&Kind::Policy.resource()).await, world.versions(&Kind::Binding.resource()).await);
    for plural in ["workloadallowlists", "validatingadmissionpolicies", "validatingadmissionpolicybindings"] {
        world.network.fail(usize::MAX, Fault::Refused(500), move |call| call.is("list", plural));
        let running = by_label(world);
        sleep(Duration::from_secs(4)).await;
        let now =
            (world.versions(&Kind::Policy.resource()).await, world.versions(&Kind::Binding.resource()).await);
        assert_eq!(now, before, "{plural}");
        running.kill().await;
        world.network.heal();
    }
}

/// An allowlist whose arguments need a longer expression than the API server accepts.
fn too_long(name: &str) -> String {
    let arguments: Vec<String> = (0..3000).map(|number| format!("--argument-{number:0>40}")).collect();
    allowlist(name, "image:1") + &format!("    args: {}\n", json!(arguments))
}

async fn an_allowlist_cannot_be_compiled(world: &World) {
    let running = started(world, enforcing).await;
    world.publish("long.yaml", &too_long("long"));
    world.apply("u", &["long.yaml"]).await;
    let message = "Initial install failed: it is installed, but not enforced: variable `allow_long_agent`";
    world
        .until("it is reported", COVERED, async || {
            world.file("u", "long.yaml").await["lastError"].as_str().unwrap_or_default().starts_with(message)
        })
        .await;
    assert_eq!(world.file("u", "long.yaml").await["phase"], "Failed");
    assert!(world.installed().await.contains("long"));
    assert!(policy(world, NAME).await.contains("image-b:1"));
    assert!(running.metrics.text().contains("hallpass_allowlists_not_enforced 1"));
    world.publish("long.yaml", &allowlist("long", "image-long:1"));
    let has = async || policy(world, NAME).await.contains("image-long:1");
    world.until("the shorter one is enforced", COVERED, has).await;
    world
        .until("it is reported", SOON, async || world.file("u", "long.yaml").await["phase"] == "Installed")
        .await;
}

fn writes_the_policy(call: &Call) -> bool {
    call.is("update", "validatingadmissionpolicies") || call.is("create", "validatingadmissionpolicies")
}

async fn the_policy_is_refused(world: &World) {
    let _running = started(world, enforcing).await;
    let before = policy(world, NAME).await;
    world.network.fail(usize::MAX, Fault::Refused(422), writes_the_policy);
    world.publish("a.yaml", &allowlist("a", "image-a:2"));
    world.publish("c.yaml", &allowlist("c", "image-c:1"));
    world.apply("s", &["a.yaml", "c.yaml"]).await;
    let message = "it is installed, but not enforced: the API server refused it: made to fail by the test";
    let is_reported = async |path: &str, phase: &str| {
        let file = world.file("s", path).await;
        file["phase"] == phase && file["lastError"].as_str().unwrap_or_default().ends_with(message)
    };
    world.until("the new one is reported", COVERED, async || is_reported("c.yaml", "Failed").await).await;
    world.until("the old one is reported", COVERED, async || is_reported("a.yaml", "Stale").await).await;
    // What is in force stays, and is no problem.
    assert_eq!(policy(world, NAME).await, before);
    world.until_ready("t", SOON).await;
    world.network.heal();
    world.until_ready("s", COVERED).await;
    assert!(policy(world, NAME).await.contains("image-c:1"));
}

/// What was in the policy is not known then.
async fn the_policy_is_lost_and_refused(world: &World) {
    let _running = started(world, enforcing).await;
    // The one with all allowlists; the empty one is accepted.
    world.network.fail(1, Fault::Refused(422), writes_the_policy);
    world.delete(&Kind::Policy.resource(), NAME).await;
    let is_empty = async || {
        let text = policy(world, NAME).await;
        !text.is_empty() && !text.contains("image-a:1")
    };
    world.until("a policy without allowlists is in force", SOON, is_empty).await;
    world
        .until("the policy is back", COVERED, async || policy(world, NAME).await.contains("image-a:1"))
        .await;
    world.until_ready("s", COVERED).await;
}

async fn one_of_the_policies_is_refused(world: &World) {
    let _running = started(world, by_label).await;
    let (a, b) = (format!("{NAME}-a"), format!("{NAME}-b"));
    let name = a.clone();
    world.network.fail(1, Fault::Refused(422), move |call| {
        call.is("update", "validatingadmissionpolicies") && call.name.as_ref() == Some(&name)
    });
    world.publish("a.yaml", &allowlist("a", "image-a:2"));
    world
        .until("it is reported", COVERED, async || world.file("s", "a.yaml").await["phase"] == "Failed")
        .await;
    until_policies(world, &[NAME, &b]).await;
    assert!(!policy(world, NAME).await.contains("'a'"), "the last policy has its workloads");
    world.until_ready("t", SOON).await;
    until_policies(world, &[NAME, &a, &b]).await;
    world.until_ready("s", COVERED).await;
}

/// As with a ClusterRole from before.
async fn nothing_is_permitted(world: &World) {
    world.network.fail(usize::MAX, Fault::Refused(403), |call| call.plural.starts_with("validating"));
    world.publish("a.yaml", &allowlist("a", "image-a:1"));
    let _running = enforcing(world);
    world.apply("s", &["a.yaml"]).await;
    world
        .until("it is reported", COVERED, async || world.file("s", "a.yaml").await["phase"] == "Failed")
        .await;
    world.network.heal();
    world.until_ready("s", Duration::from_secs(70)).await;
}

async fn a_burst_is_one_change(world: &World) {
    let _running = started(world, enforcing).await;
    world.network.take_calls();
    for number in 0..40 {
        world.publish(&format!("d/c-{number}.yaml"), &allowlist(&format!("c-{number}"), "image:1"));
    }
    world.apply("u", &["d/*"]).await;
    world.until_ready("u", COVERED).await;
    let calls = world.network.take_calls();
    let updates = calls.iter().filter(|call| call.is("update", "validatingadmissionpolicies")).count();
    assert!((1..=3).contains(&updates), "{updates} updates for one change");
}

async fn nothing_is_written_twice(world: &World) {
    let running = started(world, by_label_and_quiet).await;
    sleep(Duration::from_secs(5)).await;
    let of_kinds = async || {
        (world.versions(&Kind::Policy.resource()).await, world.versions(&Kind::Binding.resource()).await)
    };
    let before = of_kinds().await;
    world.network.take_calls();
    sleep(Duration::from_secs(5)).await;
    assert_eq!(world.network.take_calls(), [], "nothing has changed");
    running.stop().await;
    world.network.take_calls();
    let _running = by_label_and_quiet(world);
    sleep(Duration::from_secs(5)).await;
    assert_eq!(of_kinds().await, before);
    let is_write = |call: &&Call| call.plural.starts_with("validating") && call.verb == "update";
    let calls = world.network.take_calls();
    assert_eq!(calls.iter().filter(is_write).collect::<Vec<_>>(), Vec::<&Call>::new(), "as they should be");
}

async fn a_policy_is_changed_while_nobody_watches(world: &World) {
    let before = {
        let running = started(world, enforcing).await;
        running.stop().await;
        policy(world, NAME).await
    };
    let patch = json!({"spec": {"matchConditions": [{"name": "never", "expression": "false"}]}});
    change(world, Kind::Policy, NAME, patch).await;
    assert_ne!(policy(world, NAME).await, before);
    let _running = enforcing(world);
    world.until("the change is undone", SOON, async || policy(world, NAME).await == before).await;
}

async fn allowlists_of_others_count(world: &World) {
    let _running = started(world, enforcing).await;
    let mut foreign = DynamicObject::new("foreign", &allowlists());
    foreign.data = json!({
        "exemptions": ["autogke-disallow-privilege"],
        "matchingCriteria": {"containers": [{"name": "agent", "image": "image-foreign:1"}]},
    });
    world.api(&allowlists()).create(&PostParams::default(), &foreign).await.unwrap();
    let has = async || policy(world, NAME).await.contains("image-foreign:1");
    world.until("the policy has it", SOON, has).await;
    world.delete(&allowlists(), "foreign").await;
    world.until("the policy has it no more", SOON, async || !has().await).await;
}

async fn it_is_done_once(world: &World) {
    world.publish("a.yaml", &allowlist("a", "image-a:1"));
    world.publish("long.yaml", &too_long("long"));
    world.apply("s", &["a.yaml"]).await;
    let settings = settings(&["--repository", &world.url(), "--enforce", "cel", "--enforce-action", "warn"]);
    let pass = once(world.client.clone(), &settings).await.unwrap();
    assert_eq!((pass.synchronizers, pass.incomplete.len()), (1, 0), "{pass:?}");
    assert!(policy(world, NAME).await.contains("image-a:1"));
    let binding = object(world, Kind::Binding, NAME).await.unwrap().data;
    assert_eq!(binding["spec"]["validationActions"], json!(["Warn"]));
    world.apply("s", &["a.yaml", "long.yaml"]).await;
    let pass = once(world.client.clone(), &settings).await.unwrap();
    assert!(pass.incomplete["s"][0].contains("it is installed, but not enforced: "), "{pass:?}");
}

/// Whether the API server admits a privileged Pod. It is not created.
async fn admits(world: &World, label: &str, image: &str) -> bool {
    let pod: Pod = serde_json::from_value(json!({
        "metadata": {"name": "pod", "labels": {"cloud.google.com/matching-allowlist": label}},
        "spec": {
            "automountServiceAccountToken": false,
            "containers": [{"name": "agent", "image": image, "securityContext": {"privileged": true}}],
        },
    }))
    .unwrap();
    let parameters = PostParams { dry_run: true, ..PostParams::default() };
    match Api::<Pod>::namespaced(world.client.clone(), "default").create(&parameters, &pod).await {
        Ok(_) => true,
        Err(kube::Error::Api(status)) if status.message.contains(NAME) => false,
        Err(error) => panic!("{error}"),
    }
}

/// A synchronizer that is ready can be relied on, and what goes is refused.
async fn it_decides(world: &World, start: fn(&World) -> Running) {
    if world.memory.is_some() {
        // It has no admission.
        return;
    }
    let privileged =
        |name: &str, image: &str| allowlist(name, image) + "    securityContext: {privileged: true}\n";
    world.publish("a.yaml", &privileged("a", "image-a:1"));
    let _running = start(world);
    world.apply("s", &["a.yaml"]).await;
    world.until_ready("s", COVERED).await;
    assert!(admits(world, "a", "image-a:1").await);
    assert!(!admits(world, "a", "evil:1").await);
    assert!(!admits(world, "b", "image-b:1").await);
    for number in 0..3 {
        let name = format!("b-{number}");
        world.publish("b.yaml", &privileged(&name, "image-b:1"));
        world.apply("s", &["a.yaml", "b.yaml"]).await;
        world.until_installed(&["a", &name], SOON).await;
        world
            .until("it is admitted", COVERED, async || {
                for (label, image) in [("a", "evil:1"), (&*name, "evil:1"), ("other", "image-a:1")] {
                    assert!(!admits(world, label, image).await, "{label} {image}");
                }
                admits(world, &name, "image-b:1").await
            })
            .await;
        world.apply("s", &["a.yaml"]).await;
        let is_refused = async || !admits(world, &name, "image-b:1").await;
        world.until("it is refused", COVERED, is_refused).await;
        assert!(admits(world, "a", "image-a:1").await);
    }
}

async fn the_api_server_decides(world: &World) {
    it_decides(world, enforcing).await;
}

async fn the_api_server_decides_by_label(world: &World) {
    it_decides(world, by_label).await;
}
