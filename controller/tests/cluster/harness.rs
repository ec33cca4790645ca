//! Runs scenarios.

use std::panic::AssertUnwindSafe;

use futures::FutureExt as _;
use futures::future::LocalBoxFuture;
use hallpass_apiserver::Server;

use crate::support::world::World;
use crate::{enforcement, failures, files, input, objects, outages, rivals};

/// A story about a cluster.
pub(crate) type Scenario = (&'static str, for<'w> fn(&'w World) -> LocalBoxFuture<'w, ()>);

/// Makes each function a test in memory, and lists all of them for the real API server. Those after `live` need real time,
/// because they use the network or the system's clock.
macro_rules! scenarios {
    ($($name:ident),* $(,)? $(; live $($live:ident),* $(,)?)?) => {
        pub(crate) const SCENARIOS: &[$crate::harness::Scenario] = &[
            $((stringify!($name), |world| Box::pin($name(world))),)*
            $($((stringify!($live), |world| Box::pin($live(world))),)*)?
        ];

        mod in_memory {
            $(#[test]
            fn $name() {
                $crate::harness::in_memory(true, |world| Box::pin(super::$name(world)));
            })*
            $($(#[test]
            fn $live() {
                $crate::harness::in_memory(false, |world| Box::pin(super::$live(world)));
            })*)?
        }
    };
}
pub(crate) use scenarios;

pub(crate) fn in_memory(paused: bool, scenario: for<'w> fn(&'w World) -> LocalBoxFuture<'w, ()>) {
    install_cryptography();
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_all().start_paused(paused).build().unwrap();
    runtime.block_on(async {
        let world = World::in_memory();
        scenario(&world).await;
    });
}

/// As `main` does.
pub(crate) fn install_cryptography() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}

#[test]
fn a_real_api_server_is_no_different() {
    let Some(server) = Server::start() else { return };
    server.define(hallpass_schemas::CRDS);
    install_cryptography();
    let only = std::env::var("SCENARIO").unwrap_or_default();
    let all = [
        files::SCENARIOS,
        objects::SCENARIOS,
        rivals::SCENARIOS,
        failures::SCENARIOS,
        outages::SCENARIOS,
        input::SCENARIOS,
        enforcement::SCENARIOS,
    ];
    let mut failed = Vec::new();
    for (name, scenario) in all.concat() {
        if !name.contains(&only) {
            continue;
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let started = std::time::Instant::now();
        let result = runtime.block_on(async {
            let world = World::on(&server).await;
            AssertUnwindSafe(scenario(&world)).catch_unwind().await
        });
        println!("{name}: {:.1} s", started.elapsed().as_secs_f64());
        if result.is_err() {
            failed.push(name);
        }
    }
    assert!(failed.is_empty(), "failed on a real API server: {failed:?}");
}
