//! Runs etcd and kube-apiserver on the loopback interface, and kubectl against them.

use std::fs::File;
use std::io::Write as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use serde_json::json;
use tempfile::TempDir;

use super::skip;

/// The token of the only user, who may do everything, including impersonation.
const TOKEN: &str = "token";

pub(crate) struct Server {
    assets: PathBuf,
    /// Stopped in this order.
    processes: Vec<Child>,
    folder: TempDir,
    url: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        for process in &mut self.processes {
            // The process may have stopped already.
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

impl Server {
    /// Starts both.
    pub(crate) fn start(assets: &Path) -> Self {
        let folder = TempDir::new().unwrap();
        let path = folder.path().to_owned();
        let at = |name: &str| path.join(name).display().to_string();
        let (etcd, peer, port) = (free_port(), free_port(), free_port());
        let etcd = format!("http://127.0.0.1:{etcd}");
        let peer = format!("http://127.0.0.1:{peer}");
        let key = Command::new("openssl").args(["genrsa", "-out", &at("key"), "2048"]).output().unwrap();
        assert!(key.status.success(), "{key:?}");
        std::fs::write(at("tokens"), format!("{TOKEN},somebody,somebody\n")).unwrap();
        let url = format!("https://127.0.0.1:{port}");
        let mut server = Server { assets: assets.to_owned(), processes: Vec::new(), url, folder };
        let started = server.spawn(
            &assets.join("etcd"),
            &[
                ("data-dir", &at("etcd")),
                ("listen-client-urls", &etcd),
                ("advertise-client-urls", &etcd),
                ("listen-peer-urls", &peer),
            ],
        );
        server.processes.push(started);
        let started = server.spawn(
            &assets.join("kube-apiserver"),
            &[
                ("etcd-servers", &etcd),
                ("bind-address", "127.0.0.1"),
                ("secure-port", &port.to_string()),
                ("cert-dir", &at("certificates")),
                ("authorization-mode", "AlwaysAllow"),
                ("token-auth-file", &at("tokens")),
                ("service-account-issuer", "https://127.0.0.1"),
                ("service-account-key-file", &at("key")),
                ("service-account-signing-key-file", &at("key")),
                ("service-cluster-ip-range", "10.0.0.0/24"),
                // As on every cluster that hallpass targets.
                ("allow-privileged", "true"),
            ],
        );
        // The API server first.
        server.processes.insert(0, started);
        // A Pod needs a service account, which no controller creates here, and the service account needs a namespace,
        // which is created a little later.
        server.until("the API server is ready", || {
            server.kubectl(&["get", "--raw", "/readyz"], "").is_ok()
                && server.kubectl(&["create", "serviceaccount", "default"], "").is_ok()
        });
        server
    }

    /// Starts the controller that type-checks policies. Returns false, and prints a message, if it is not available.
    pub(crate) fn start_controllers(&mut self) -> bool {
        let program = self.assets.join("kube-controller-manager");
        if !program.exists() {
            skip("the folder in `KUBEBUILDER_ASSETS` has no kube-controller-manager");
            return false;
        }
        let config = json!({
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "it", "cluster": {"server": self.url, "insecure-skip-tls-verify": true}}],
            "users": [{"name": "it", "user": {"token": TOKEN}}],
            "contexts": [{"name": "it", "context": {"cluster": "it", "user": "it"}}],
            "current-context": "it",
        });
        let path = self.folder.path().join("config");
        std::fs::write(&path, config.to_string()).unwrap();
        let started = self.spawn(
            &program,
            &[
                ("kubeconfig", &path.display().to_string()),
                ("controllers", "validatingadmissionpolicy-status-controller"),
                ("leader-elect", "false"),
                ("bind-address", "127.0.0.1"),
                ("secure-port", &free_port().to_string()),
                ("cert-dir", &self.folder.path().join("certificates").display().to_string()),
            ],
        );
        self.processes.insert(0, started);
        true
    }

    fn spawn(&self, program: &Path, flags: &[(&str, &str)]) -> Child {
        let name = program.file_name().unwrap();
        let log = File::create(self.folder.path().join(name).with_extension("log")).unwrap();
        let mut command = Command::new(program);
        command.args(flags.iter().map(|(name, value)| format!("--{name}={value}")));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        command.spawn().unwrap_or_else(|error| panic!("{}: {error}", program.display()))
    }

    /// Runs kubectl with a text on its stdin, and returns its output or its error.
    pub(crate) fn kubectl(&self, arguments: &[&str], stdin: &str) -> Result<String, String> {
        let mut command = Command::new("kubectl");
        command.args(["--kubeconfig=/dev/null", "--insecure-skip-tls-verify"]);
        command.args(["--server", &self.url, "--token", TOKEN]).args(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("kubectl is on the machine");
        child.stdin.take().unwrap().write_all(stdin.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
    }

    /// Waits, because servers take time to start, and policies to take effect.
    pub(crate) fn until(&self, what: &str, done: impl Fn() -> bool) {
        for _ in 0..240 {
            if done() {
                return;
            }
            sleep(Duration::from_millis(500));
        }
        let log = std::fs::read_to_string(self.folder.path().join("kube-apiserver.log")).unwrap_or_default();
        panic!("it never came that {what}:\n{log}");
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
