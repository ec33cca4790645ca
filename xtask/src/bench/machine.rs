//! The machine that the figures are from.

use std::process::Command;

/// Processor, cores, system and compiler: a figure means nothing without them.
pub(super) fn describe() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let processor = processor().unwrap_or_else(|| std::env::consts::ARCH.to_owned());
    let compiler = compiler().unwrap_or_else(|| "rustc".to_owned());
    format!("{processor}, {cores} cores, {}, {compiler}", std::env::consts::OS)
}

/// Linux tells; elsewhere the architecture has to do.
fn processor() -> Option<String> {
    let info = std::fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = info.lines().find(|line| line.starts_with("model name"))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

fn compiler() -> Option<String> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("--version").output().ok()?;
    // `rustc 1.95.0 (59807616e 2026-04-14)`
    let version = String::from_utf8(output.stdout).ok()?;
    Some(version.split(" (").next()?.trim().to_owned())
}
