//! The controller with many synchronizers on a real API server, if KUBEBUILDER_ASSETS names a folder with one: the first sync,
//! and rounds in which nothing has changed.

use std::fmt::Write as _;
use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

use hallpass_apiserver::{Server, free_port};

use super::table::{Figure, Unit};
use crate::failure::{Failure, Result};
use crate::workspace::{cannot_start, remove_folder, root, target};

const SYNCHRONIZERS: usize = 1000;
/// Of each synchronizer.
const FILES: usize = 10;
const ALLOWLIST: &str = include_str!("../../../examples/allowlists/acme-agent-v1.0.0.yaml");

/// Between two rounds here, and by default: the processor time is converted. A shorter one would begin before the first sync of
/// a slow machine ends.
const INTERVAL: Duration = Duration::from_secs(180);
const DEFAULT_INTERVAL: Duration = Duration::from_secs(600);

/// When a bench has failed.
const PATIENCE: Duration = Duration::from_secs(600);

pub(super) fn measure(controller: &Path) -> Result<Vec<Figure>> {
    let Some(server) = Server::start() else { return Ok(Vec::new()) };
    let crds = root().join("schemas/crds");
    let mut definitions = String::new();
    for plural in ["allowlistsynchronizers", "workloadallowlists"] {
        let file = crds.join(format!("{plural}.auto.gke.io.yaml"));
        definitions += "---\n";
        definitions += &fs::read_to_string(&file)
            .map_err(|error| Failure::new(format!("cannot read {}: {error}", file.display())))?;
    }
    server.define(&definitions);
    let folder = target().join("bench-controller");
    publish(&folder).map_err(|error| {
        Failure::new(format!("cannot write the allowlists of the bench to {}: {error}", folder.display()))
    })?;
    server.kubectl(&["create", "--validate=false", "-f", "-"], &synchronizers()).map_err(Failure::new)?;

    let started = Instant::now();
    let process = Process::start(controller, &folder, &server)?;
    let everything = (SYNCHRONIZERS * FILES).to_string();
    process.until("hallpass_files{phase=\"Installed\"}", &everything)?;
    let first = started.elapsed();
    // From now on, nothing has changed: a round to settle, and one to measure.
    thread::sleep(INTERVAL + INTERVAL / 4);
    let (written, busy) = (Written::of(&server)?, process.processor_time()?);
    thread::sleep(INTERVAL);
    let (written, busy) = (Written::of(&server)?.since(&written), process.processor_time()? - busy);
    let memory = process.memory()?;
    drop(process);
    remove_folder(&folder).map_err(|error| Failure::new(error.to_string()))?;
    if written.others > 0.0 {
        return Err(Failure::new(format!("rounds without a change wrote {} objects", written.others)));
    }
    Ok(vec![
        Figure {
            name: "controller: first sync of 1,000 synchronizers with 10 files each",
            measured: first.as_secs_f64(),
            target: 60.0,
            unit: Unit::Seconds,
        },
        Figure { name: "controller: idle memory", measured: memory, target: 67.0, unit: Unit::Megabytes },
        Figure {
            name: "controller: idle processor time, at the default interval",
            measured: 100.0 * busy.as_secs_f64() / DEFAULT_INTERVAL.as_secs_f64(),
            target: 1.0,
            unit: Unit::PercentOfACore,
        },
        Figure {
            name: "controller: writes of an idle round, a synchronizer",
            measured: written.statuses / f64::from(u32::try_from(SYNCHRONIZERS).unwrap_or(u32::MAX)),
            // An interval can have a few more rounds than synchronizers.
            target: 1.05,
            unit: Unit::Requests,
        },
    ])
}

fn publish(folder: &Path) -> io::Result<()> {
    remove_folder(folder)?;
    for synchronizer in 0..SYNCHRONIZERS {
        let partner = folder.join(format!("partner-{synchronizer:03}"));
        fs::create_dir_all(&partner)?;
        for file in 0..FILES {
            let name = format!("agent-{synchronizer:03}-{file}");
            let text = ALLOWLIST.replace("acme-agent-v1.0.0", &name);
            fs::write(partner.join(format!("{name}.yaml")), text)?;
        }
    }
    Ok(())
}

fn synchronizers() -> String {
    let mut text = String::new();
    for synchronizer in 0..SYNCHRONIZERS {
        let _ = writeln!(
            text,
            "---\n{{apiVersion: auto.gke.io/v1, kind: AllowlistSynchronizer, metadata: {{name: partner-{synchronizer:03}}}, \
             spec: {{allowlistPaths: [partner-{synchronizer:03}/*]}}}}"
        );
    }
    text
}

/// The controller, until it is dropped.
struct Process {
    child: Child,
    port: u16,
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Process {
    fn start(controller: &Path, folder: &Path, server: &Server) -> Result<Self> {
        let port = free_port();
        let mut command = Command::new(controller);
        command.args(["run", "--repository", &format!("file://{}", folder.display())]);
        command.args(["--interval", &format!("{}s", INTERVAL.as_secs())]);
        command.args(["--listen", &format!("127.0.0.1:{port}")]).env("KUBECONFIG", server.kubeconfig());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.spawn().map_err(|error| cannot_start("hallpass-controller", &error))?;
        Ok(Process { child, port })
    }

    /// Waits until a metric has a value.
    fn until(&self, metric: &str, value: &str) -> Result<()> {
        let wanted = format!("{metric} {value}");
        let end = Instant::now() + PATIENCE;
        let mut found = String::new();
        while Instant::now() < end {
            // It may not listen yet.
            found = self.metrics().unwrap_or_default();
            if found.lines().any(|line| line == wanted) {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(100));
        }
        let last = found.lines().find(|line| line.starts_with(metric)).unwrap_or("no such metric");
        Err(Failure::new(format!("the bench expects `{wanted}`, and the controller has `{last}`")))
    }

    fn metrics(&self) -> io::Result<String> {
        let mut connection = TcpStream::connect(("127.0.0.1", self.port))?;
        connection.write_all(b"GET /metrics HTTP/1.1\r\nhost: bench\r\nconnection: close\r\n\r\n")?;
        let mut answer = String::new();
        connection.read_to_string(&mut answer)?;
        Ok(answer)
    }

    fn proc(&self, file: &str) -> Result<String> {
        let path = PathBuf::from(format!("/proc/{}/{file}", self.child.id()));
        fs::read_to_string(&path)
            .map_err(|error| Failure::new(format!("cannot read {}: {error}", path.display())))
    }

    /// In megabytes.
    fn memory(&self) -> Result<f64> {
        let status = self.proc("status")?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
        Ok(line.split_whitespace().next().and_then(|kib| kib.parse::<f64>().ok()).unwrap_or(f64::NAN)
            * 1024.0
            / 1e6)
    }

    /// Of the user and of the system.
    fn processor_time(&self) -> Result<Duration> {
        /// Linux counts in this unit, whatever its clock is.
        const TICKS_PER_SECOND: u64 = 100;
        let stat = self.proc("stat")?;
        // After the name, which may contain anything: proc_pid_stat(5).
        let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
        let ticks: u64 = fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
        Ok(Duration::from_millis(ticks * 1000 / TICKS_PER_SECOND))
    }
}

/// What the API server has written, by its own count.
struct Written {
    statuses: f64,
    others: f64,
}

impl Written {
    fn of(server: &Server) -> Result<Self> {
        let metrics = server.kubectl(&["get", "--raw", "/metrics"], "").map_err(Failure::new)?;
        let mut written = Written { statuses: 0.0, others: 0.0 };
        for line in metrics.lines().filter(|line| line.starts_with("apiserver_request_total{")) {
            let has = |label: &str, values: &[&str]| {
                values.iter().any(|value| line.contains(&format!("{label}=\"{value}\"")))
            };
            let count = line.rsplit(' ').next().and_then(|count| count.parse().ok()).unwrap_or(f64::NAN);
            if !has("verb", &["POST", "PUT", "PATCH", "APPLY", "DELETE"]) {
                continue;
            }
            if has("resource", &["allowlistsynchronizers"]) && has("subresource", &["status"]) {
                written.statuses += count;
            } else if has("resource", &["allowlistsynchronizers", "workloadallowlists", "events"]) {
                written.others += count;
            }
        }
        Ok(written)
    }

    fn since(&self, before: &Written) -> Written {
        Written { statuses: self.statuses - before.statuses, others: self.others - before.others }
    }
}
