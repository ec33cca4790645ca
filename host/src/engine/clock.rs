//! Deadlines: a thread advances the engine's epoch, and calls stop some epochs after they began.

use std::thread;
use std::time::Duration;

use wasmtime::Engine;

const TICK: Duration = Duration::from_millis(50);

/// Advances the epoch for as long as the engine is in use.
///
/// # Errors
/// When the system gives no thread.
pub(super) fn start(engine: &Engine) -> std::io::Result<()> {
    let engine = engine.weak();
    let tick = move || {
        while let Some(engine) = engine.upgrade() {
            engine.increment_epoch();
            drop(engine);
            thread::sleep(TICK);
        }
    };
    thread::Builder::new().name("deadlines".to_owned()).spawn(tick).map(drop)
}

/// How many epochs from now a call that may take `limit` is to be stopped: at least that long, at most a tick longer.
pub(super) fn epochs(limit: Duration) -> u64 {
    let ticks = limit.as_nanos().div_ceil(TICK.as_nanos());
    u64::try_from(ticks).unwrap_or(u64::MAX / 2).saturating_add(1)
}
