//! Users change what is in the cluster.

use std::time::Duration;

use hallpass_controller::object::{OWNER, allowlists, synchronizers};
use hallpass_renderer::status::State;
use k8s_openapi::api::events::v1::Event;
use kube::api::{Api, DynamicObject, ListParams, PostParams};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::harness::scenarios;
use crate::support::world::{NEVER, OFTEN, Running, SOON, World, allowlist};

scenarios! {
    a_synchronizer_is_deleted, allowlists_are_orphaned, an_allowlist_is_deleted, a_criterion_is_added,
    an_allowlist_is_relabeled, an_allowlist_loses_what_marks_it, a_label_is_lost_while_nobody_watches,
    an_allowlist_is_given_to_another,
    a_foreign_allowlist_is_not_touched, events_name_every_file, somebody_edits_all_the_time, an_allowlist_that_must_stay_a_while,
}

/// A controller that has installed `a` and `b`.
async fn started(world: &World) -> Running {
    world.publish("a.yaml", &allowlist("a", "image:1"));
    world.publish("b.yaml", &allowlist("b", "image:1"));
    let running = world.start(NEVER);
    world.apply("s", &["a.yaml"]).await;
    world.apply("t", &["b.yaml"]).await;
    world.until_ready("s", SOON).await;
    world.until_ready("t", SOON).await;
    // The watch has shown our own writes by then.
    sleep(Duration::from_secs(1)).await;
    running
}

async fn a_synchronizer_is_deleted(world: &World) {
    let _running = started(world).await;
    world.delete(&synchronizers(), "s").await;
    world.until_installed(&["b"], SOON).await;
}

/// As after `kubectl delete --cascade=orphan`: the garbage collector takes the owner references away.
async fn allowlists_are_orphaned(world: &World) {
    let running = started(world).await;
    running.stop().await;
    world.delete(&synchronizers(), "s").await;
    world.edit("a", json!({"metadata": {"ownerReferences": null}})).await;
    let _running = world.start(NEVER);
    world.until_installed(&["b"], SOON).await;
}

async fn an_allowlist_is_deleted(world: &World) {
    let _running = started(world).await;
    world.delete(&allowlists(), "a").await;
    world.until_installed(&["a", "b"], SOON).await;
    world.until_ready("s", SOON).await;
}

async fn a_criterion_is_added(world: &World) {
    let _running = started(world).await;
    let before = world.allowlist("a").await.unwrap().data;
    world.edit("a", json!({"matchingCriteria": {"hostPID": true}})).await;
    world
        .until("the criterion is gone", SOON, async || world.allowlist("a").await.unwrap().data == before)
        .await;
    world.edit("a", json!({"exemptions": []})).await;
    world
        .until("the exemption is back", SOON, async || world.allowlist("a").await.unwrap().data == before)
        .await;
}

/// Edits metadata, and waits until it is as it was.
async fn put_back(world: &World, patch: Value) {
    let labels_of = async || {
        let metadata = world.allowlist("a").await.unwrap().metadata;
        (metadata.labels, metadata.annotations, metadata.owner_references)
    };
    let before = labels_of().await;
    world.edit("a", patch.clone()).await;
    world.until(&format!("{patch} is undone"), SOON, async || labels_of().await == before).await;
    world.until_ready("s", SOON).await;
}

async fn an_allowlist_is_relabeled(world: &World) {
    let _running = started(world).await;
    put_back(world, json!({"metadata": {"labels": {"tier": "other"}}})).await;
    put_back(world, json!({"metadata": {"labels": {"added": "label"}}})).await;
    put_back(world, json!({"metadata": {"annotations": {"autopilot.gke.io/no-connect": "true"}}})).await;
    put_back(world, json!({"metadata": {"ownerReferences": null}})).await;
}

/// Otherwise somebody could make an allowlist his own, and change it at leisure.
async fn an_allowlist_loses_what_marks_it(world: &World) {
    let _running = started(world).await;
    put_back(world, json!({"metadata": {"labels": {OWNER: null}}})).await;
    put_back(world, json!({"metadata": {"annotations": {"hallpass.dev/file": null}}})).await;
    let everything = json!({"labels": null, "annotations": null, "ownerReferences": null});
    put_back(world, json!({"metadata": everything})).await;
}

/// Nothing is known then of what was written.
async fn a_label_is_lost_while_nobody_watches(world: &World) {
    let running = started(world).await;
    running.stop().await;
    let before = world.allowlist("a").await.unwrap();
    let stripped = json!({"metadata": {"labels": {OWNER: null}}, "exemptions": []});
    world.edit("a", stripped).await;
    let _running = world.start(NEVER);
    let is_back = async || {
        let now = world.allowlist("a").await.unwrap();
        (now.metadata.labels, now.data) == (before.metadata.labels.clone(), before.data.clone())
    };
    world.until("it is as it was", SOON, is_back).await;
    world.until_ready("s", SOON).await;
}

async fn an_allowlist_is_given_to_another(world: &World) {
    let _running = started(world).await;
    for name in ["s", "t"] {
        let other = world.api(&synchronizers()).get(name).await.unwrap();
        let uid = other.metadata.uid.unwrap();
        world.edit("a", json!({"metadata": {"labels": {OWNER: uid}}})).await;
        world.edit("b", json!({"metadata": {"labels": {OWNER: uid}}})).await;
        let owner = async |allowlist: &str| {
            world.allowlist(allowlist).await.and_then(|object| object.metadata.labels?.get(OWNER).cloned())
        };
        let uid = async |name: &str| world.api(&synchronizers()).get(name).await.unwrap().metadata.uid;
        let (s, t) = (uid("s").await, uid("t").await);
        world.until("each has its own", SOON, async || owner("a").await == s && owner("b").await == t).await;
    }
}

async fn a_foreign_allowlist_is_not_touched(world: &World) {
    let mut foreign = DynamicObject::new("a", &allowlists());
    foreign.data = json!({
        "exemptions": [], "matchingCriteria": {"containers": [{"name": "x", "image": "foreign"}]},
    });
    let before = world.api(&allowlists()).create(&PostParams::default(), &foreign).await.unwrap();
    world.publish("a.yaml", &allowlist("a", "image:1"));
    world.publish("b.yaml", &allowlist("b", "image:1"));
    let _running = world.start(NEVER);
    world.apply("s", &["a.yaml", "b.yaml"]).await;
    let error = "the cluster has a WorkloadAllowlist `a` that no synchronizer installed";
    assert_eq!(world.until_file("s", "a.yaml", "Failed", error).await, State::Failed);
    world.until_installed(&["a", "b"], SOON).await;
    assert_eq!(world.allowlist("a").await.unwrap(), before);
    world.delete(&synchronizers(), "s").await;
    world.until_installed(&["a"], SOON).await;
    assert_eq!(world.allowlist("a").await.unwrap(), before);
    // When it goes, the name is free.
    world.apply("s", &["a.yaml"]).await;
    world.until_file("s", "a.yaml", "Failed", error).await;
    world.delete(&allowlists(), "a").await;
    world.until_ready("s", SOON).await;
}

async fn events_name_every_file(world: &World) {
    world.publish("d/a.yaml", &allowlist("a", "image:1"));
    world.publish("d/b.yaml", &allowlist("b", "image:1"));
    let _running = world.start(OFTEN);
    let notes = async || {
        let events = Api::<Event>::namespaced(world.client.clone(), "default");
        let listed = events.list(&ListParams::default()).await.unwrap();
        let about = |event: &Event| event.regarding.as_ref().and_then(|one| one.name.clone());
        let ours = listed.into_iter().filter(|event| about(event).as_deref() == Some("with-events"));
        ours.filter_map(|event| Some(format!("{}: {}", event.reason?, event.note.unwrap_or_default())))
            .collect()
    };
    let until = async |expected: &str| {
        let is_there = async || {
            let notes: Vec<String> = notes().await;
            notes.iter().any(|note| note.starts_with(expected))
        };
        world.until(&format!("an event `{expected}`"), SOON, is_there).await;
    };
    world.apply("with-events", &["d/a.yaml", "d/b.yaml", "c.yaml"]).await;
    until("Installed: d/a.yaml, d/b.yaml").await;
    until("Failed: c.yaml: Initial install failed: not found").await;
    until("SyncError: some allowlists failed to sync: c.yaml").await;
    world.publish("d/b.yaml", "");
    until("Stale: d/b.yaml: Sync failed: ").await;
    until("SyncError: some allowlists failed to sync: c.yaml, b.yaml").await;
}

async fn somebody_edits_all_the_time(world: &World) {
    let running = started(world).await;
    let end = Instant::now() + Duration::from_secs(8);
    let storm = async {
        let mut edits = 0;
        while Instant::now() < end {
            world.edit("a", json!({"matchingCriteria": {"hostPID": edits % 2 == 0}})).await;
            edits += 1;
            sleep(Duration::from_millis(20)).await;
        }
    };
    let others = async {
        world.publish("c.yaml", &allowlist("c", "image:1"));
        world.apply("u", &["c.yaml"]).await;
        world.until_ready("u", SOON).await;
        world.delete(&allowlists(), "b").await;
        world.until("`b` is back", SOON, async || world.allowlist("b").await.is_some()).await;
    };
    futures::join!(storm, others);
    let is_back =
        async || world.allowlist("a").await.unwrap().data["matchingCriteria"].get("hostPID").is_none();
    world.until("the last edit is undone", SOON, is_back).await;
    world.until_ready("s", SOON).await;
    running.stop().await;
}

/// With a finalizer, an allowlist stays until somebody removes it. We do, because the file has none.
async fn an_allowlist_that_must_stay_a_while(world: &World) {
    let _running = started(world).await;
    let uid = world.allowlist("a").await.unwrap().metadata.uid;
    world.edit("a", json!({"metadata": {"finalizers": ["test.example/wait"]}})).await;
    world.delete(&allowlists(), "a").await;
    let is_new = async || world.allowlist("a").await.is_some_and(|object| object.metadata.uid != uid);
    world.until("there is a new one", SOON * 2, is_new).await;
    world.until_ready("s", SOON).await;
}
