//! Runs etcd and kube-apiserver on the loopback interface, and kubectl against them. Only tests and the benchmarks depend on this crate.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "only tests use this, and they must fail immediately if the server does not work"
)]

mod complete;

use std::fs::File;
use std::io::Write as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use serde_json::json;
use tempfile::TempDir;

pub use complete::complete;

/// The token of a user who may do everything, including impersonation.
const TOKEN: &str = "token";

/// The token of a service account.
const ACCOUNT_TOKEN: &str = "account";

/// The namespace and the name of that service account.
pub const ACCOUNT: [&str; 2] = ["hallpass-system", "hallpass-controller"];

/// A running API server.
pub struct Server {
    assets: PathBuf,
    // Stopped in this order, before their folder is removed.
    controllers: Option<Process>,
    api: Option<Process>,
    _etcd: Process,
    etcd_url: String,
    authorization: &'static str,
    port: u16,
    folder: TempDir,
}

/// A process that is killed when it is dropped.
pub struct Process(Child);

impl Process {
    /// Starts a program.
    #[must_use]
    pub fn start(command: &mut Command) -> Self {
        Process(command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}")))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // The process may have stopped already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Writes why a test is skipped directly to the stream, because `cargo test` captures `println!`.
pub fn skip(why: &str) {
    std::io::stderr().write_all(format!("skipped: {why}\n").as_bytes()).unwrap();
}

impl Server {
    /// Starts etcd and kube-apiserver of the folder in `KUBEBUILDER_ASSETS`. Every user may do everything. Returns `None`,
    /// and prints a message, if the variable is not set.
    #[must_use]
    pub fn start() -> Option<Self> {
        Self::start_with("AlwaysAllow")
    }

    /// Does the same as [`Self::start`], but all users except one may only do what roles permit.
    #[must_use]
    pub fn start_with_roles() -> Option<Self> {
        Self::start_with("RBAC")
    }

    fn start_with(authorization: &'static str) -> Option<Self> {
        let Some(assets) = std::env::var_os("KUBEBUILDER_ASSETS") else {
            skip("`KUBEBUILDER_ASSETS` names no folder with etcd and kube-apiserver");
            return None;
        };
        let assets = PathBuf::from(assets);
        let folder = TempDir::new().unwrap();
        let at = |name: &str| folder.path().join(name).display().to_string();
        let key = Command::new("openssl").args(["genrsa", "-out", &at("key"), "2048"]).output().unwrap();
        assert!(key.status.success(), "{key:?}");
        let [namespace, account] = ACCOUNT;
        let tokens = format!(
            "{TOKEN},somebody,somebody,system:masters\n\
             {ACCOUNT_TOKEN},system:serviceaccount:{namespace}:{account},account,\
             \"system:serviceaccounts,system:serviceaccounts:{namespace}\"\n"
        );
        std::fs::write(at("tokens"), tokens).unwrap();
        let etcd_url = format!("http://127.0.0.1:{}", free_port());
        let etcd = spawn(
            &assets.join("etcd"),
            folder.path(),
            &[
                ("data-dir", &at("etcd")),
                ("listen-client-urls", &etcd_url),
                ("advertise-client-urls", &etcd_url),
                ("listen-peer-urls", &format!("http://127.0.0.1:{}", free_port())),
            ],
        );
        let port = free_port();
        let mut server = Server {
            assets,
            controllers: None,
            api: None,
            _etcd: etcd,
            etcd_url,
            authorization,
            port,
            folder,
        };
        server.start_api();
        // A Pod needs a service account, which no controller creates here, and the service account needs a namespace,
        // which is created a little later.
        server.until("there is a service account", || {
            server.kubectl(&["create", "serviceaccount", "default"], "").is_ok()
        });
        Some(server)
    }

    /// Starts the API server, on the port and with the objects that it had before, and waits until it is ready.
    pub fn start_api(&mut self) {
        let at = |name: &str| self.folder.path().join(name).display().to_string();
        self.api = Some(spawn(
            &self.assets.join("kube-apiserver"),
            self.folder.path(),
            &[
                ("etcd-servers", &self.etcd_url),
                ("bind-address", "127.0.0.1"),
                ("secure-port", &self.port.to_string()),
                ("cert-dir", &at("certificates")),
                ("authorization-mode", self.authorization),
                ("token-auth-file", &at("tokens")),
                ("service-account-issuer", "https://127.0.0.1"),
                ("service-account-key-file", &at("key")),
                ("service-account-signing-key-file", &at("key")),
                ("service-cluster-ip-range", "10.0.0.0/24"),
                // As on every cluster that hallpass targets.
                ("allow-privileged", "true"),
            ],
        ));
        self.until("the API server is ready", || self.kubectl(&["get", "--raw", "/readyz"], "").is_ok());
    }

    /// Kills the API server. Its objects stay in etcd.
    pub fn stop_api(&mut self) {
        self.api = None;
    }

    /// Starts the controller that type-checks policies. Returns false, and prints a message, if it is not available.
    pub fn start_controllers(&mut self) -> bool {
        let program = self.assets.join("kube-controller-manager");
        if !program.exists() {
            skip("the folder in `KUBEBUILDER_ASSETS` has no kube-controller-manager");
            return false;
        }
        let started = spawn(
            &program,
            self.folder.path(),
            &[
                ("kubeconfig", &self.kubeconfig().display().to_string()),
                ("controllers", "validatingadmissionpolicy-status-controller"),
                ("leader-elect", "false"),
                ("bind-address", "127.0.0.1"),
                ("secure-port", &free_port().to_string()),
                ("cert-dir", &self.folder.path().join("certificates").display().to_string()),
            ],
        );
        self.controllers = Some(started);
        true
    }

    /// The URL of the API server. Its certificate is its own.
    #[must_use]
    pub fn url(&self) -> String {
        format!("https://127.0.0.1:{}", self.port)
    }

    /// Returns the token of a user who may do everything.
    #[must_use]
    pub fn token(&self) -> &str {
        TOKEN
    }

    /// Writes a kubeconfig for that user, and returns its path.
    #[must_use]
    pub fn kubeconfig(&self) -> PathBuf {
        self.kubeconfig_of("config", TOKEN)
    }

    /// Writes a kubeconfig for the service account [`ACCOUNT`], and returns its path.
    #[must_use]
    pub fn kubeconfig_of_account(&self) -> PathBuf {
        self.kubeconfig_of("config-of-account", ACCOUNT_TOKEN)
    }

    fn kubeconfig_of(&self, file: &str, token: &str) -> PathBuf {
        let config = json!({
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "it", "cluster": {"server": self.url(), "insecure-skip-tls-verify": true}}],
            "users": [{"name": "it", "user": {"token": token}}],
            "contexts": [{"name": "it", "context": {"cluster": "it", "user": "it"}}],
            "current-context": "it",
        });
        let path = self.folder.path().join(file);
        std::fs::write(&path, config.to_string()).unwrap();
        path
    }

    /// Runs kubectl with a text on its stdin.
    ///
    /// # Errors
    /// The error that kubectl prints.
    pub fn kubectl(&self, arguments: &[&str], stdin: &str) -> Result<String, String> {
        let mut command = Command::new("kubectl");
        command.args(["--kubeconfig=/dev/null", "--insecure-skip-tls-verify"]);
        command.args(["--server", &self.url(), "--token", TOKEN]).args(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("kubectl is on the machine");
        child.stdin.take().unwrap().write_all(stdin.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
    }

    /// Creates the two custom resource definitions, and waits until they are served.
    pub fn define(&self, crds: &str) {
        // Not every build of the server has the schemas that kubectl asks for.
        self.kubectl(&["apply", "--validate=false", "-f", "-"], crds).unwrap();
        for plural in ["allowlistsynchronizers", "workloadallowlists"] {
            let name = format!("crd/{plural}.auto.gke.io");
            self.kubectl(&["wait", "--for=condition=Established", &name], "").unwrap();
        }
    }

    /// Waits until `done` returns true: servers take time to start, and policies to take effect.
    pub fn until(&self, what: &str, done: impl Fn() -> bool) {
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

fn spawn(program: &Path, folder: &Path, flags: &[(&str, &str)]) -> Process {
    let name = program.file_name().unwrap();
    let log = File::create(folder.join(name).with_extension("log")).unwrap();
    let mut command = Command::new(program);
    command.args(flags.iter().map(|(name, value)| format!("--{name}={value}")));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
    Process::start(&mut command)
}

/// Returns a port that was free a moment ago.
#[must_use]
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
