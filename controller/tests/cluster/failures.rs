//! Requests and watches fail, and controllers die.

use std::time::Duration;

use hallpass_controller::leader::{LEASE, becomes_true, lead};
use hallpass_controller::object::{allowlists, synchronizers};
use hallpass_controller::run::run;
use serde_json::json;
use tokio::sync::watch;
use tokio::time::sleep;

use crate::harness::scenarios;
use crate::support::network::{Call, Fault};
use crate::support::world::{NEVER, OFTEN, SOON, World, allowlist, settings};

scenarios! {
    restarted_in_the_middle, writes_are_refused, writes_hang, answers_are_lost, statuses_are_refused,
    deletions_are_refused, lists_are_refused, the_list_of_allowlists_is_late,
    watches_are_cut, history_is_gone, deleted_while_the_watch_is_blind,
    the_api_server_is_away, orphans_are_swept_later
    ; live a_leader_is_killed, a_leader_stops, the_lease_is_deleted
}

/// Publishes `d/a-00.yaml` and so on, and returns their allowlists.
fn publish(world: &World, count: usize) -> Vec<String> {
    let names: Vec<String> = (0..count).map(|number| format!("a-{number:02}")).collect();
    names.iter().for_each(|name| world.publish(&format!("d/{name}.yaml"), &allowlist(name, "image:1")));
    names
}

async fn until_all(world: &World, names: &[String], within: Duration) {
    world.until_installed(&names.iter().map(String::as_str).collect::<Vec<_>>(), within).await;
}

async fn restarted_in_the_middle(world: &World) {
    let names = publish(world, 20);
    for round in 0..4 {
        let running = world.start(NEVER);
        if round == 0 {
            world.apply("s", &["d/*"]).await;
        }
        world.until("some are in force", SOON, async || world.installed().await.len() > round * 4).await;
        running.kill().await;
    }
    let _running = world.start(NEVER);
    until_all(world, &names, SOON).await;
    world.until_ready("s", SOON).await;
}

/// How long a failure of a write may keep an allowlist away: the pause before the next try, and a round.
const AGAIN: Duration = Duration::from_secs(65);

async fn writes_are_refused(world: &World) {
    let names = publish(world, 4);
    // The clock of a real API server cannot be moved.
    let _running = world.start(OFTEN);
    for code in [500, 409, 403] {
        world.network.fail(6, Fault::Refused(code), |call| call.is("create", "workloadallowlists"));
    }
    world.apply("s", &["d/*"]).await;
    until_all(world, &names, AGAIN).await;
    world.until_ready("s", SOON).await;
    world.network.fail(2, Fault::Refused(500), |call| call.is("update", "workloadallowlists"));
    world.publish("d/a-00.yaml", &allowlist("a-00", "image:2"));
    world.until("the new version", AGAIN, async || world.image("a-00").await.unwrap() == "image:2").await;
    world.until_ready("s", SOON).await;
}

async fn writes_hang(world: &World) {
    let names = publish(world, 2);
    let _running = world.start(OFTEN);
    if world.memory.is_none() {
        // A minute is too long for real time.
        return;
    }
    world.network.fail(1, Fault::Hangs, |call| call.is("create", "workloadallowlists"));
    world.apply("s", &["d/*"]).await;
    world.until("one is in force, and one hangs", SOON, async || world.installed().await.len() == 1).await;
    world.publish("other.yaml", &allowlist("other", "image:1"));
    world.apply("t", &["other.yaml"]).await;
    world.until_ready("t", SOON).await;
    until_all(world, &[names, vec!["other".to_owned()]].concat(), AGAIN).await;
    world.until_ready("s", AGAIN).await;
}

async fn answers_are_lost(world: &World) {
    let names = publish(world, 6);
    let _running = world.start(OFTEN);
    world.network.fail(3, Fault::Lost, |call| call.is("create", "workloadallowlists"));
    world.apply("s", &["d/*"]).await;
    until_all(world, &names, SOON).await;
    world.until_ready("s", SOON * 2).await;
    world.network.fail(1, Fault::Lost, |call| call.is("update", "workloadallowlists"));
    world.network.fail(1, Fault::Lost, |call| call.is("delete", "workloadallowlists"));
    world.publish("d/a-00.yaml", &allowlist("a-00", "image:2"));
    world.unpublish("d/a-01.yaml");
    world.until_ready("s", SOON * 2).await;
    world.until("the new version", SOON, async || world.image("a-00").await.unwrap() == "image:2").await;
    world.until("a deleted one", SOON, async || world.installed().await.len() == 5).await;
}

async fn statuses_are_refused(world: &World) {
    let names = publish(world, 2);
    let _running = world.start(NEVER);
    for fault in [Fault::Refused(500), Fault::Refused(409), Fault::Cut] {
        world.network.fail(1, fault, |call| call.is("patch", "allowlistsynchronizers"));
    }
    world.apply("s", &["d/*"]).await;
    until_all(world, &names, SOON).await;
    world.until_ready("s", Duration::from_secs(20)).await;
}

async fn deletions_are_refused(world: &World) {
    publish(world, 3);
    let _running = world.start(OFTEN);
    world.apply("s", &["d/*"]).await;
    world.until_ready("s", SOON).await;
    world.network.fail(2, Fault::Refused(500), |call| call.is("delete", "workloadallowlists"));
    world.apply("s", &["d/a-00.yaml"]).await;
    world.until_installed(&["a-00"], SOON * 2).await;
    world.until_ready("s", SOON).await;
}

async fn lists_are_refused(world: &World) {
    let names = publish(world, 2);
    world.apply("s", &["d/*"]).await;
    world.network.fail(3, Fault::Refused(500), |call| call.verb == "list");
    let _running = world.start(NEVER);
    until_all(world, &names, Duration::from_secs(30)).await;
    world.until_ready("s", SOON).await;
}

/// Rounds wait for the list of allowlists, and all of them must hear of it.
async fn the_list_of_allowlists_is_late(world: &World) {
    let names = publish(world, 6);
    for name in &names {
        world.apply(name, &[&format!("d/{name}.yaml")]).await;
    }
    world.network.fail(2, Fault::Refused(500), |call| call.is("list", "workloadallowlists"));
    let _running = world.start(NEVER);
    until_all(world, &names, Duration::from_secs(15)).await;
}

async fn watches_are_cut(world: &World) {
    publish(world, 2);
    let _running = world.start(NEVER);
    world.apply("s", &["d/a-00.yaml"]).await;
    world.until_ready("s", SOON).await;
    for paths in [["d/a-01.yaml"], ["d/a-00.yaml"], ["d/a-01.yaml"]] {
        world.network.cut_watches();
        world.apply("s", &paths).await;
        let name = if paths == ["d/a-00.yaml"] { "a-00" } else { "a-01" };
        world.until_installed(&[name], SOON).await;
        world.network.cut_watches();
        world.edit(name, json!({"exemptions": []})).await;
        let is_back = async || world.allowlist(name).await.unwrap().data["exemptions"] != json!([]);
        world.until("the exemption is back", SOON, is_back).await;
    }
}

/// Makes the watches start anew, after `meanwhile`.
async fn blind(world: &World, meanwhile: impl AsyncFn()) {
    world.network.fail(1000, Fault::Cut, |call| call.verb == "watch");
    world.network.cut_watches();
    meanwhile().await;
    match &world.memory {
        Some(server) => server.compact(),
        None => ["allowlistsynchronizers", "workloadallowlists"].into_iter().for_each(|plural| {
            // The first order that fits counts.
            world.network.heal();
            world.network.fail(1, Fault::Gone, move |call: &Call| call.is("watch", plural));
        }),
    }
    if world.memory.is_some() {
        world.network.heal();
    }
}

/// A watch that was cut tries again after a second or so.
const RELISTED: Duration = Duration::from_secs(10);

async fn history_is_gone(world: &World) {
    publish(world, 3);
    let _running = world.start(NEVER);
    world.apply("s", &["d/a-00.yaml"]).await;
    world.apply("t", &["d/a-01.yaml"]).await;
    world.apply("u", &["d/a-02.yaml"]).await;
    world.until_installed(&["a-00", "a-01", "a-02"], SOON).await;
    blind(world, async || {
        world.apply("s", &[]).await;
        world.delete(&synchronizers(), "t").await;
        world.edit("a-02", json!({"exemptions": []})).await;
    })
    .await;
    world.until_installed(&["a-02"], RELISTED).await;
    let is_back = async || world.allowlist("a-02").await.unwrap().data["exemptions"] != json!([]);
    world.until("the exemption is back", RELISTED, is_back).await;
}

async fn deleted_while_the_watch_is_blind(world: &World) {
    publish(world, 2);
    let _running = world.start(NEVER);
    world.apply("s", &["d/*"]).await;
    world.until_ready("s", SOON).await;
    sleep(Duration::from_secs(1)).await;
    blind(world, async || world.delete(&allowlists(), "a-00").await).await;
    world.until_installed(&["a-00", "a-01"], RELISTED).await;
}

/// The longest pause before a watch is tried again, and a round. The two watches have separate pauses.
pub(crate) const PAUSE: Duration = Duration::from_secs(65);

async fn the_api_server_is_away(world: &World) {
    publish(world, 3);
    let _running = world.start(NEVER);
    world.apply("s", &["d/a-00.yaml", "d/a-01.yaml"]).await;
    world.until_ready("s", SOON).await;
    world.network.set_down(true);
    sleep(Duration::from_secs(if world.memory.is_some() { 60 } else { 8 })).await;
    world.apply("s", &["d/a-01.yaml", "d/a-02.yaml"]).await;
    world.edit("a-01", json!({"exemptions": []})).await;
    let calls = world.network.take_calls().len();
    assert!(calls < 500, "{calls} requests while nobody answers");
    world.network.set_down(false);
    world.until_installed(&["a-01", "a-02"], PAUSE).await;
    let is_back = async || world.allowlist("a-01").await.unwrap().data["exemptions"] != json!([]);
    world.until("the exemption is back", PAUSE, is_back).await;
    world.until_ready("s", SOON).await;
}

async fn orphans_are_swept_later(world: &World) {
    publish(world, 2);
    let _running = world.start(OFTEN);
    world.apply("s", &["d/a-00.yaml"]).await;
    world.apply("t", &["d/a-01.yaml"]).await;
    world.until_installed(&["a-00", "a-01"], SOON).await;
    world.network.fail(2, Fault::Refused(500), |call| call.is("delete", "workloadallowlists"));
    world.delete(&synchronizers(), "s").await;
    world.until_installed(&["a-01"], SOON * 3).await;
}

/// A replica with leader election.
struct Replica {
    stop: watch::Sender<bool>,
    task: tokio::task::JoinHandle<Result<(), String>>,
}

fn replica(world: &World, identity: &'static str) -> Replica {
    let (stop, stopped) = watch::channel(false);
    let client = world.disturbed.clone();
    let settings = settings(&["--repository", &world.url()]);
    let task = tokio::spawn(async move {
        let work = |ended: watch::Receiver<bool>| {
            let end = becomes_true(ended);
            run(client.clone(), &settings, NEVER, Default::default(), Default::default(), end)
        };
        lead(client.clone(), "default", identity, stopped, work).await
    });
    Replica { stop, task }
}

async fn holder(world: &World) -> Option<String> {
    use k8s_openapi::api::coordination::v1::Lease;
    let leases = kube::Api::<Lease>::namespaced(world.client.clone(), "default");
    leases.get_opt(LEASE).await.unwrap()?.spec?.holder_identity
}

/// Until another replica works.
const TAKES_OVER: Duration = Duration::from_secs(20);

/// Two replicas, the first of which leads and has installed `a-00`.
async fn replicas(world: &World) -> (Replica, Replica) {
    publish(world, 2);
    world.apply("s", &["d/a-00.yaml"]).await;
    let first = replica(world, "first");
    world
        .until("the first leads", TAKES_OVER, async || holder(world).await.as_deref() == Some("first"))
        .await;
    let second = replica(world, "second");
    world.until_installed(&["a-00"], SOON).await;
    (first, second)
}

async fn a_leader_is_killed(world: &World) {
    let (first, second) = replicas(world).await;
    first.task.abort();
    world.apply("s", &["d/a-01.yaml"]).await;
    world.until_installed(&["a-01"], TAKES_OVER).await;
    second.stop.send_replace(true);
    second.task.await.unwrap().unwrap();
    assert_eq!(holder(world).await, None);
}

async fn a_leader_stops(world: &World) {
    let (first, second) = replicas(world).await;
    first.stop.send_replace(true);
    first.task.await.unwrap().unwrap();
    world.apply("s", &["d/a-01.yaml"]).await;
    // The Lease was given back, but the other one looks only now and then.
    world.until_installed(&["a-01"], TAKES_OVER).await;
    second.stop.send_replace(true);
    second.task.await.unwrap().unwrap();
}

async fn the_lease_is_deleted(world: &World) {
    use k8s_openapi::api::coordination::v1::Lease;
    let (first, second) = replicas(world).await;
    let leases = kube::Api::<Lease>::namespaced(world.client.clone(), "default");
    leases.delete(LEASE, &Default::default()).await.unwrap();
    world.until("somebody leads again", TAKES_OVER, async || holder(world).await.is_some()).await;
    // Whoever it is, one of them works when the other has gone.
    first.stop.send_replace(true);
    first.task.await.unwrap().unwrap();
    world.apply("s", &["d/a-01.yaml"]).await;
    world.until_installed(&["a-01"], TAKES_OVER * 2).await;
    second.stop.send_replace(true);
    second.task.await.unwrap().unwrap();
}
