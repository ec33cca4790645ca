//! Input that is wrong on purpose.

use std::fmt::Write as _;

use hallpass_renderer::status::State;
use serde_json::json;

use crate::harness::scenarios;
use crate::support::world::{NEVER, OFTEN, SOON, World, allowlist};

scenarios! {
    a_file_is_too_large, a_folder_has_too_many_files, a_name_is_no_name, yaml_bombs, a_file_claims_to_be_installed,
    files_that_are_something_else,
}

/// Installs `good`, and reports an error of the file beside it.
async fn refused(world: &World, text: &str, error: &str) {
    world.publish("d/bad.yaml", text);
    let state = world.until_file("s", "d/bad.yaml", "Failed", error).await;
    assert_eq!(state, State::Failed);
    world.until_installed(&["good"], SOON).await;
}

async fn started(world: &World) -> crate::support::world::Running {
    world.publish("d/good.yaml", &allowlist("good", "image:1"));
    let running = world.start(OFTEN);
    world.apply("s", &["d/*"]).await;
    world.until_ready("s", SOON).await;
    running
}

async fn a_file_is_too_large(world: &World) {
    let _running = started(world).await;
    let text = allowlist("bad", "image:1") + &"# nothing\n".repeat(200_000);
    refused(world, &text, "is too large: it has 20").await;
}

async fn a_folder_has_too_many_files(world: &World) {
    let _running = started(world).await;
    for number in 0..10_000 {
        world.publish(&format!("d/many/{number}.yaml"), "");
    }
    let state = world.until_file("s", "d/good.yaml", "Stale", "the folder has more than 1000 files").await;
    assert_eq!(state, State::Waiting);
    world.until_installed(&["good"], SOON).await;
}

async fn a_name_is_no_name(world: &World) {
    let _running = started(world).await;
    for name in ["Upper", "under_score", "-a", "a-", "a..b", "a/b", "ä", &"a".repeat(254)] {
        refused(world, &allowlist(name, "image:1"), "Initial install failed: invalid contents: 4:9:").await;
    }
    refused(world, &allowlist("''", "image:1"), "invalid contents: ").await;
    world.publish("d/bad.yaml", &allowlist("a.b-c.1", "image:1"));
    world.until_installed(&["good", "a.b-c.1"], SOON).await;
}

async fn yaml_bombs(world: &World) {
    let _running = started(world).await;
    let mut laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let below = format!("*a{}", level - 1);
        let _ = writeln!(laughs, "a{level}: &a{level} [{}]", vec![below; 9].join(", "));
    }
    refused(world, &(laughs + &allowlist("bad", "image:1")), "invalid contents: ").await;
    let deep = "[".repeat(100_000);
    refused(world, &deep, "invalid contents: ").await;
    refused(world, &(allowlist("bad", "image:1") + "x: &x [*x]\n"), "invalid contents: ").await;
}

/// What marks our own objects must not come from a file.
async fn a_file_claims_to_be_installed(world: &World) {
    let _running = started(world).await;
    let label = "labels: {hallpass.dev/synchronizer-uid: mine}";
    let text = allowlist("bad", "image:1").replace("labels: {tier: node}", label);
    refused(world, &text, "`hallpass.dev/synchronizer-uid` is reserved for the controller").await;
    // Anything else in the metadata is not taken over.
    let text = allowlist("bad", "image:1").replace(
        "  labels:",
        "  finalizers: [a.example/b]\n  namespace: x\n  uid: x\n  resourceVersion: '1'\n  labels:",
    );
    world.publish("d/bad.yaml", &text);
    world.until_ready("s", SOON).await;
    let found = world.allowlist("bad").await.unwrap();
    assert_eq!((found.metadata.finalizers, found.metadata.namespace), (None, None));
}

async fn files_that_are_something_else(world: &World) {
    let _running = started(world).await;
    for text in
        ["", "# nothing\n", "{", "\u{0}", "kind: ConfigMap\napiVersion: v1\nmetadata: {name: a}\n", "[]", "1"]
    {
        refused(world, text, "Initial install failed: ").await;
    }
    let two = format!("{}---\n{}", allowlist("bad", "image:1"), allowlist("bad-2", "image:1"));
    refused(world, &two, "a second document: write one allowlist per file").await;
}

/// Such objects the CRD refuses, so only the API server in memory has them.
#[test]
fn a_synchronizer_is_malformed() {
    crate::harness::in_memory(true, |world| {
        Box::pin(async {
            world.publish("a.yaml", &allowlist("a", "image:1"));
            world.publish("b.yaml", &allowlist("b", "image:1"));
            let _running = world.start(NEVER);
            world.apply("s", &["a.yaml"]).await;
            world.until_installed(&["a"], SOON).await;
            for (spec, message) in [
                (json!({"allowlistPaths": "a.yaml"}), "`spec.allowlistPaths` is not a list"),
                (
                    json!({"allowlistPaths": ["a.yaml", 1]}),
                    "`spec.allowlistPaths` contains a value that is not a string",
                ),
                (json!({"allowlistPaths": ["a.yaml"], "bucketName": 1}), "`spec.bucketName` is not a string"),
            ] {
                world.apply_spec("s", &spec).await;
                world
                    .until(message, SOON, async || {
                        let object = world.synchronizer("s").await;
                        object.data["status"]["conditions"][0]["message"] == message
                    })
                    .await;
                assert_ne!(world.judged("s").await.0, State::Ready);
                // What is in force stays, and others work.
                world.apply("t", &["b.yaml"]).await;
                world.until_installed(&["a", "b"], SOON).await;
                world.apply("t", &[]).await;
                world.until_installed(&["a"], SOON).await;
            }
            world.apply_spec("s", &json!({"allowlistPaths": ["a.yaml"], "bucketName": null})).await;
            world.until_ready("s", SOON).await;
        })
    });
}
