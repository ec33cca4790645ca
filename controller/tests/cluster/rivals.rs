//! Two synchronizers, or two files, want the same; and what is not permitted.

use std::time::Duration;

use hallpass_controller::object::synchronizers;
use hallpass_controller::wait::wait;
use hallpass_policy::synchronizer::REFUSED;
use hallpass_renderer::status::State;
use kube::api::{Patch, PatchParams};
use serde_json::json;
use tokio::time::sleep;

use crate::harness::scenarios;
use crate::support::world::{NEVER, OFTEN, SOON, World, allowlist};

scenarios! {
    two_want_one_path, two_want_one_name, two_files_have_one_name, a_file_moves, a_path_is_forbidden, a_path_is_malformed,
    a_bucket_is_unknown, a_bucket_is_separate, what_is_forbidden_blocks_nobody, a_deleted_synchronizer_is_held,
    a_name_is_not_that_of_the_file,
}

/// Kubernetes counts the age of objects in seconds.
const OLDER: Duration = Duration::from_millis(1100);

async fn two_want_one_path(world: &World) {
    world.publish("d/a.yaml", &allowlist("a", "image:1"));
    let _running = world.start(NEVER);
    world.apply("z-older", &["d/*"]).await;
    sleep(OLDER).await;
    world.apply("younger", &["d/a.yaml"]).await;
    let error = "the file belongs to synchronizer `z-older`, which is older";
    assert_eq!(world.until_file("younger", "d/a.yaml", "Failed", error).await, State::Failed);
    world.until_ready("z-older", SOON).await;
    world.delete(&synchronizers(), "z-older").await;
    world.until_ready("younger", SOON * 2).await;
    world.until_installed(&["a"], SOON).await;
}

async fn two_want_one_name(world: &World) {
    world.publish("d/a.yaml", &allowlist("a", "image:1"));
    world.publish("e/a.yaml", &allowlist("a", "image:2"));
    let _running = world.start(OFTEN);
    world.apply("z-older", &["d/*"]).await;
    sleep(OLDER).await;
    world.until_ready("z-older", SOON).await;
    world.apply("younger", &["e/*"]).await;
    let error = "synchronizer `z-older`, which is older, has installed `a` from `d/a.yaml`";
    world.until_file("younger", "e/a.yaml", "Failed", error).await;
    assert_eq!(world.image("a").await.unwrap(), "image:1");
    // It goes from the spec this time.
    world.apply("z-older", &[]).await;
    world.until_ready("younger", SOON).await;
    assert_eq!(world.image("a").await.unwrap(), "image:2");
    world.apply("z-older", &["d/*"]).await;
    world
        .until("the older one has it again", SOON, async || world.image("a").await.unwrap() == "image:1")
        .await;
    world.until_file("younger", "e/a.yaml", "Failed", error).await;
}

async fn two_files_have_one_name(world: &World) {
    world.publish("d/b.yaml", &allowlist("a", "image:1"));
    let _running = world.start(OFTEN);
    world.apply("s", &["d/*"]).await;
    world.until_synced("s", SOON).await;
    world.publish("d/a.yaml", &allowlist("a", "image:2"));
    // The one in force stays.
    world.until_file("s", "d/a.yaml", "Failed", "the allowlist in `d/b.yaml` has the same name, `a`").await;
    assert_eq!(world.image("a").await.unwrap(), "image:1");
    world.unpublish("d/b.yaml");
    world.until_synced("s", SOON).await;
    assert_eq!(world.image("a").await.unwrap(), "image:2");
}

/// From one synchronizer's folder to another's: nobody notices.
async fn a_file_moves(world: &World) {
    world.publish("d/a.yaml", &allowlist("a", "image:1"));
    world.publish("d/b.yaml", &allowlist("b", "image:1"));
    world.publish("e/c.yaml", &allowlist("c", "image:1"));
    let _running = world.start(OFTEN);
    world.apply("s", &["d/*"]).await;
    world.apply("t", &["e/*"]).await;
    world.until_installed(&["a", "b", "c"], SOON).await;
    world.publish("e/a.yaml", &allowlist("a", "image:1"));
    world.unpublish("d/a.yaml");
    let from = async || {
        let found = world.allowlist("a").await?;
        found.metadata.annotations?.get("hallpass.dev/file").cloned()
    };
    world
        .until("it is from the new folder", SOON * 2, async || from().await.as_deref() == Some("e/a.yaml"))
        .await;
    world.until_ready("s", SOON).await;
    world.until_ready("t", SOON).await;
}

async fn a_path_is_forbidden(world: &World) {
    world.publish("d/a.yaml", &allowlist("a", "image:1"));
    world.publish("e/b.yaml", &allowlist("b", "image:1"));
    let running = world.start(NEVER);
    world.apply("s", &["d/*", "e/*"]).await;
    world.until_installed(&["a", "b"], SOON).await;
    running.stop().await;
    let _running =
        world.start_with(NEVER, &["--repository", &world.url(), "--authorized-paths", "gke://d/*"]);
    world.until_installed(&["a"], SOON).await;
    // GKE's text.
    let refusal = format!("{REFUSED}'gke://e/*'");
    let state = world.until_file("s", "e/*", "Failed", &refusal).await;
    assert_eq!(state, State::Failed);
}

async fn a_path_is_malformed(world: &World) {
    world.publish("d/a.yaml", &allowlist("a", "image:1"));
    let _running = world.start(NEVER);
    for malformed in ["*", "/d/a.yaml", "d/**", "../a.yaml", "d/a.txt", "", "d/*/a.yaml", "gs://d/a.yaml"] {
        world.apply("s", &["d/a.yaml", malformed]).await;
        let state = world.until_file("s", malformed, "Failed", "").await;
        assert_eq!(state, State::Failed, "{malformed}");
        world.until_installed(&["a"], SOON).await;
    }
}

async fn a_bucket_is_unknown(world: &World) {
    world.publish("a.yaml", &allowlist("a", "image:1"));
    let _running =
        world.start_with(NEVER, &["--repository", &world.url(), "--authorized-paths", "gke://*,gs://mine/*"]);
    world.apply_spec("s", &json!({"allowlistPaths": ["a.yaml"], "bucketName": "mine"})).await;
    let state = world.until_file("s", "a.yaml", "Failed", "bucket `mine` is unknown: no `--bucket`").await;
    assert_eq!(state, State::Failed);
    world.until_installed(&[], SOON).await;
}

async fn a_bucket_is_separate(world: &World) {
    world.publish("repository/a.yaml", &allowlist("a", "image:1"));
    world.publish("bucket/b.yaml", &allowlist("b", "image:1"));
    let (repository, bucket) =
        (format!("{}/repository", world.url()), format!("mine={}/bucket", world.url()));
    let paths = "gke://*,gs://mine/*";
    let _running = world
        .start_with(NEVER, &["--repository", &repository, "--bucket", &bucket, "--authorized-paths", paths]);
    world.apply("s", &["a.yaml"]).await;
    world.apply_spec("t", &json!({"allowlistPaths": ["b.yaml"], "bucketName": "mine"})).await;
    world.until_ready("s", SOON).await;
    world.until_ready("t", SOON).await;
    world.until_installed(&["a", "b"], SOON).await;
    world.apply_spec("t", &json!({"bucketName": null})).await;
    world.until_installed(&["a"], SOON).await;
    world.until_file("t", "b.yaml", "Failed", "not found").await;
}

/// An older synchronizer that may not install a file keeps it from nobody.
async fn what_is_forbidden_blocks_nobody(world: &World) {
    world.publish("d/prod/a.yaml", &allowlist("a", "image:1"));
    let running = world.start(NEVER);
    world.apply("z-older", &["d/*"]).await;
    sleep(OLDER).await;
    world.apply("younger", &["d/prod/*"]).await;
    world.until_ready("z-older", SOON).await;
    running.stop().await;
    let _running =
        world.start_with(OFTEN, &["--repository", &world.url(), "--authorized-paths", "gke://d/prod/*"]);
    world.until_file("z-older", "d/*", "Failed", REFUSED).await;
    world.until_ready("younger", SOON * 2).await;
    world.until_installed(&["a"], SOON).await;
}

/// A finalizer of somebody else does not keep the allowlists of a synchronizer that was deleted.
async fn a_deleted_synchronizer_is_held(world: &World) {
    world.publish("d/a.yaml", &allowlist("a", "image:1"));
    let _running = world.start(NEVER);
    world.apply("s", &["d/*"]).await;
    world.until_ready("s", SOON).await;
    let held = json!({"metadata": {"finalizers": ["example.com/hold"]}});
    let api = world.api(&synchronizers());
    api.patch("s", &PatchParams::default(), &Patch::Merge(held)).await.unwrap();
    world.delete(&synchronizers(), "s").await;
    world.until_installed(&[], SOON).await;
    let free = json!({"metadata": {"finalizers": null}});
    api.patch("s", &PatchParams::default(), &Patch::Merge(free)).await.unwrap();
}

async fn a_name_is_not_that_of_the_file(world: &World) {
    world.publish("d/a.yaml", &allowlist("b", "image:1"));
    let _running = world.start(NEVER);
    world.apply("s", &["d/a.yaml"]).await;
    world.until_installed(&["b"], SOON).await;
    wait(world.client.clone(), &["s".to_owned()], SOON).await.unwrap();
}
