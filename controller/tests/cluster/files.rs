//! Files come, change and go.

use hallpass_controller::object::{OWNER, allowlists, synchronizers};
use hallpass_controller::wait::wait;
use hallpass_controller::{once, settings::Settings};
use hallpass_renderer::status::State;
use serde_json::json;
use std::time::Duration;
use tokio::time::sleep;

use crate::harness::scenarios;
use crate::support::network::Call;
use crate::support::world::{NEVER, OFTEN, SOON, World, allowlist, settings};

scenarios! {
    install, update, an_unchanged_round_writes_one_status, a_path_is_removed, a_folder_becomes_empty,
    an_invalid_version_leaves_the_old_one, a_missing_file_hinders_no_other, a_listed_file_goes, a_named_file_goes,
    a_file_gets_another_name, no_paths_at_all, one_pass_is_enough,
}

async fn install(world: &World) {
    world.publish("d/a.yaml", &allowlist("a", "image:1"));
    world.publish("d/e/b.json", &allowlist("b", "image:1"));
    world.publish("d/.hidden.yaml", "nothing");
    world.publish("c.yml", &allowlist("c", "image:1"));
    let running = world.start(NEVER);
    world.apply("s", &["d/*", "c.yml"]).await;
    world.until_ready("s", SOON).await;
    assert!(running.is_ready());
    world.until_installed(&["a", "b", "c"], SOON).await;
    wait(world.client.clone(), &["s".to_owned()], Duration::ZERO).await.unwrap();

    let owner = world.api(&synchronizers()).get("s").await.unwrap();
    let uid = owner.metadata.uid.clone().unwrap();
    let found = world.allowlist("a").await.unwrap();
    assert_eq!(found.metadata.labels.unwrap(), [(OWNER, &*uid), ("tier", "node")].map(owned).into());
    let annotations = found.metadata.annotations.unwrap();
    assert_eq!(annotations["hallpass.dev/file"], "d/a.yaml");
    assert_eq!(found.metadata.owner_references.unwrap()[0].uid, uid);
    assert_eq!(
        found.data,
        json!({
            "exemptions": ["autogke-disallow-privilege"],
            "matchingCriteria": {"containers": [{"name": "agent", "image": "image:1"}]},
        })
    );
    let file = world.file("s", "d/a.yaml").await;
    assert_eq!((&file["phase"], &file["generation"]), (&json!("Installed"), &json!(1)));
    let condition = &owner.data["status"]["conditions"][0];
    assert_eq!(
        (&condition["reason"], &condition["observedGeneration"]),
        (&json!("SyncSuccessful"), &json!(1))
    );
}

fn owned((key, value): (&str, &str)) -> (String, String) {
    (key.to_owned(), value.to_owned())
}

async fn update(world: &World) {
    world.publish("d/a.yaml", &allowlist("a", "image:1"));
    let _running = world.start(OFTEN);
    world.apply("s", &["d/*"]).await;
    world.until_ready("s", SOON).await;
    world.publish("d/a.yaml", &allowlist("a", "image:2"));
    world
        .until("the new image is in force", SOON, async || world.image("a").await.unwrap() == "image:2")
        .await;
    world
        .until("the status says so", SOON, async || world.file("s", "d/a.yaml").await["generation"] == 2)
        .await;
    world.until_ready("s", SOON).await;
}

async fn an_unchanged_round_writes_one_status(world: &World) {
    const ROUNDS: u32 = 3;
    for name in ["a", "b", "c"] {
        world.publish(&format!("d/{name}.yaml"), &allowlist(name, "image:1"));
    }
    let _running = world.start(OFTEN);
    world.apply("s", &["d/a.yaml", "d/b.yaml"]).await;
    world.apply("t", &["d/c.yaml"]).await;
    world.until_ready("s", SOON).await;
    world.until_ready("t", SOON).await;
    // Until the watch has shown our own writes.
    sleep(OFTEN).await;
    let before = world.versions(&allowlists()).await;
    world.network.take_calls();
    sleep(OFTEN * ROUNDS + OFTEN / 2).await;
    let calls = world.network.take_calls();
    let is_status = |call: &Call| call.is("patch", "allowlistsynchronizers") && call.subresource.is_some();
    // A watch may end meanwhile.
    let others: Vec<&Call> = calls.iter().filter(|call| !is_status(call) && call.verb != "watch").collect();
    assert!(others.is_empty(), "{others:?}");
    for name in ["s", "t"] {
        let count = calls.iter().filter(|call| is_status(call) && call.name.as_deref() == Some(name)).count();
        assert!((2..=4).contains(&count), "{count} statuses of `{name}` in {ROUNDS} rounds");
    }
    assert_eq!(world.versions(&allowlists()).await, before);
}

async fn a_path_is_removed(world: &World) {
    world.publish("d/a.yaml", &allowlist("a", "image:1"));
    world.publish("e/b.yaml", &allowlist("b", "image:1"));
    let _running = world.start(NEVER);
    world.apply("s", &["d/*", "e/b.yaml"]).await;
    world.until_installed(&["a", "b"], SOON).await;
    world.apply("s", &["d/*"]).await;
    world.until_installed(&["a"], SOON).await;
    world.until_ready("s", SOON).await;
    assert!(world.file("s", "e/b.yaml").await.is_null());
}

async fn no_paths_at_all(world: &World) {
    world.publish("a.yaml", &allowlist("a", "image:1"));
    let _running = world.start(NEVER);
    world.apply("s", &["a.yaml"]).await;
    world.until_installed(&["a"], SOON).await;
    world.apply("s", &[]).await;
    world.until_installed(&[], SOON).await;
}

async fn a_folder_becomes_empty(world: &World) {
    world.publish("d/a.yaml", &allowlist("a", "image:1"));
    let _running = world.start(OFTEN);
    world.apply("s", &["d/*"]).await;
    world.until_ready("s", SOON).await;
    world.unpublish("d/a.yaml");
    let state = world.until_file("s", "d/a.yaml", "Stale", "the folder has no files").await;
    assert_eq!(state, State::Waiting);
    world.until_installed(&["a"], SOON).await;
}

async fn an_invalid_version_leaves_the_old_one(world: &World) {
    world.publish("a.yaml", &allowlist("a", "image:1"));
    let _running = world.start(OFTEN);
    world.apply("s", &["a.yaml"]).await;
    world.until_ready("s", SOON).await;
    let before = world.versions(&allowlists()).await;
    world.publish("a.yaml", &allowlist("a", "image:1").replace("image: image:1", "image: [image:2]"));
    // The position of the list that should be a text.
    world.until_file("s", "a.yaml", "Stale", "Sync failed: invalid contents: 10:12:").await;
    assert_eq!(world.versions(&allowlists()).await, before);
    let (state, findings) = world.judged("s").await;
    assert!(state != State::Ready && !findings.is_empty(), "{state:?} {findings:?}");
    let lines = wait(world.client.clone(), &["s".to_owned()], Duration::ZERO).await.unwrap_err();
    assert!(lines.iter().any(|line| line.contains("10:12")), "{lines:?}");
    world.publish("a.yaml", &allowlist("a", "image:3"));
    world.until_ready("s", SOON).await;
    assert_eq!(world.image("a").await.unwrap(), "image:3");
}

async fn a_missing_file_hinders_no_other(world: &World) {
    world.publish("a.yaml", &allowlist("a", "image:1"));
    world.publish("b.yaml", &allowlist("b", "image:1"));
    let _running = world.start(OFTEN);
    world.apply("s", &["a.yaml", "missing.yaml", "b.yaml"]).await;
    let state = world.until_file("s", "missing.yaml", "Failed", "Initial install failed: not found").await;
    assert_eq!(state, State::Failed);
    world.until_installed(&["a", "b"], SOON).await;
    assert_eq!(world.file("s", "a.yaml").await["phase"], "Installed");
    world.publish("missing.yaml", &allowlist("missing", "image:1"));
    world.until_ready("s", SOON).await;
    world.until_installed(&["a", "b", "missing"], SOON).await;
}

async fn a_listed_file_goes(world: &World) {
    world.publish("d/a.yaml", &allowlist("a", "image:1"));
    world.publish("d/b.yaml", &allowlist("b", "image:1"));
    let _running = world.start(OFTEN);
    world.apply("s", &["d/*"]).await;
    world.until_installed(&["a", "b"], SOON).await;
    world.unpublish("d/b.yaml");
    world.until_installed(&["a"], SOON).await;
    world.until_ready("s", SOON).await;
}

async fn a_named_file_goes(world: &World) {
    world.publish("d/a.yaml", &allowlist("a", "image:1"));
    let _running = world.start(OFTEN);
    world.apply("s", &["d/a.yaml"]).await;
    world.until_ready("s", SOON).await;
    world.unpublish("d/a.yaml");
    world.until_file("s", "d/a.yaml", "Stale", "Sync failed: not found").await;
    world.until_installed(&["a"], SOON).await;
}

async fn a_file_gets_another_name(world: &World) {
    world.publish("d/a.yaml", &allowlist("a-1", "image:1"));
    let _running = world.start(OFTEN);
    world.apply("s", &["d/a.yaml"]).await;
    world.until_installed(&["a-1"], SOON).await;
    world.publish("d/a.yaml", &allowlist("a-2", "image:1"));
    world.until_installed(&["a-2"], SOON).await;
    world.until_synced("s", SOON).await;
}

async fn one_pass_is_enough(world: &World) {
    world.publish("d/a.yaml", &allowlist("a", "image:1"));
    world.publish("d/b.yaml", &allowlist("b", "image:1"));
    world.apply("s", &["d/a.yaml"]).await;
    world.apply("t", &["d/*"]).await;
    let settings: Settings = settings(&["--repository", &world.url()]);
    let pass = once::once(world.client.clone(), &settings).await.unwrap();
    // The younger one does not get the file of the older one.
    assert_eq!((pass.synchronizers, pass.incomplete.len()), (2, 1));
    world.until_installed(&["a", "b"], SOON).await;
    world.delete(&synchronizers(), "s").await;
    let pass = once::once(world.client.clone(), &settings).await.unwrap();
    assert_eq!((pass.synchronizers, pass.incomplete.len()), (1, 0));
    world.until_installed(&["a", "b"], SOON).await;
    world.until_ready("t", SOON).await;
}
