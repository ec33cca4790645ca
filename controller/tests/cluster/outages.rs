//! The source, or the whole API server, does not answer.

use std::time::Duration;

use hallpass_apiserver::Server;
use hallpass_renderer::status::State;
use serde_json::json;
use tokio::task::block_in_place;
use tokio::time::sleep;

use crate::failures::PAUSE;
use crate::harness::{install_cryptography, scenarios};
use crate::support::web::{Page, Web};
use crate::support::world::{NEVER, OFTEN, SOON, World, allowlist};

scenarios! {
    the_folder_is_away
    ; live a_slow_file_hinders_no_other, half_a_file_is_no_file, a_web_server_cannot_list
}

async fn the_folder_is_away(world: &World) {
    world.publish("r/d/a.yaml", &allowlist("a", "image:1"));
    world.publish("r/b.yaml", &allowlist("b", "image:1"));
    let repository = format!("{}/r", world.url());
    let _running = world.start_with(OFTEN, &["--repository", &repository]);
    world.apply("s", &["d/*", "b.yaml"]).await;
    world.until_ready("s", SOON).await;
    world.rename("r", "away");
    world.until_file("s", "d/a.yaml", "Stale", "the folder has no files").await;
    world.until_file("s", "b.yaml", "Stale", "not found").await;
    assert_eq!(world.judged("s").await.0, State::Waiting);
    world.until_installed(&["a", "b"], SOON).await;
    world.rename("away", "r");
    world.until_ready("s", SOON).await;
}

async fn a_slow_file_hinders_no_other(world: &World) {
    let web = Web::start().await;
    web.put("slow.yaml", Page::Slow(Duration::from_secs(4), allowlist("slow", "image:1")));
    web.put("fast.yaml", Page::Whole(allowlist("fast", "image:1")));
    let _running = world.start_with(NEVER, &["--repository", &web.url()]);
    world.apply("s", &["slow.yaml"]).await;
    world.apply("t", &["fast.yaml"]).await;
    world.until_ready("t", Duration::from_secs(3)).await;
    world.until_ready("s", SOON * 2).await;
}

async fn half_a_file_is_no_file(world: &World) {
    let web = Web::start().await;
    web.put("a.yaml", Page::Whole(allowlist("a", "image:1")));
    let running = world.start_with(OFTEN, &["--repository", &web.url()]);
    world.apply("s", &["a.yaml"]).await;
    world.until_ready("s", SOON).await;
    // Half of this one would be a valid list that admits more.
    let longer = allowlist("a", "image:2") + &"# nothing\n".repeat(60);
    web.put("a.yaml", Page::Half(longer.clone()));
    world
        .until("the status says so", SOON * 2, async || world.file("s", "a.yaml").await["phase"] == "Stale")
        .await;
    assert_eq!(world.image("a").await.unwrap(), "image:1");
    assert!(running.metrics.text().contains("hallpass_files{phase=\"Stale\"} 1"));
    web.put("a.yaml", Page::Whole(longer));
    world.until_ready("s", SOON * 2).await;
    assert_eq!(world.image("a").await.unwrap(), "image:2");
    web.put("a.yaml", Page::Broken(403));
    world.until_file("s", "a.yaml", "Stale", "Sync failed: the file cannot be read: ").await;
    assert_eq!(world.image("a").await.unwrap(), "image:2");
}

async fn a_web_server_cannot_list(world: &World) {
    let web = Web::start().await;
    web.put("d/a.yaml", Page::Whole(allowlist("a", "image:1")));
    let _running = world.start_with(NEVER, &["--repository", &web.url()]);
    world.apply("s", &["d/*", "d/a.yaml"]).await;
    let what = "the status says so";
    world.until(what, SOON * 2, async || world.file("s", "d/*").await["phase"] == "Failed").await;
    world.until_installed(&["a"], SOON).await;
}

/// With a real one only: its watches start anew, from what etcd has.
#[test]
fn an_api_server_restarts() {
    let Some(mut server) = Server::start() else { return };
    server.define(hallpass_schemas::CRDS);
    install_cryptography();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let world = World::on(&server).await;
        world.publish("d/a.yaml", &allowlist("a", "image:1"));
        world.publish("d/b.yaml", &allowlist("b", "image:1"));
        let running = world.start(NEVER);
        world.apply("s", &["d/a.yaml"]).await;
        world.until_ready("s", SOON).await;
        for paths in [["d/b.yaml"], ["d/a.yaml"]] {
            block_in_place(|| server.stop_api());
            world.network.take_calls();
            sleep(Duration::from_secs(5)).await;
            let calls = world.network.take_calls().len();
            assert!(calls < 100, "{calls} requests while nobody answers");
            block_in_place(|| server.start_api());
            world.apply("s", &paths).await;
            let name = if paths == ["d/b.yaml"] { "b" } else { "a" };
            world.until_installed(&[name], PAUSE).await;
            world.edit(name, json!({"exemptions": []})).await;
            let is_back = async || world.allowlist(name).await.unwrap().data["exemptions"] != json!([]);
            world.until("the exemption is back", PAUSE, is_back).await;
        }
        running.stop().await;
    });
}
