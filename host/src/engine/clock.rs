//! Deadlines: a thread advances the engine's epoch, and calls stop after a number of epochs.

use std::thread;
use std::time::Duration;

use wasmtime::Engine;

const TICK: Duration = Duration::from_millis(50);

/// Advances the epoch for as long as the engine exists.
///
/// # Errors
/// The system cannot start a thread.
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

/// Returns the number of epochs after which a call with this limit is stopped: at least the limit, at most one tick
/// later.
pub(super) fn epochs(limit: Duration) -> u64 {
    let ticks = limit.as_nanos().div_ceil(TICK.as_nanos());
    u64::try_from(ticks).unwrap_or(u64::MAX / 2).saturating_add(1)
}
