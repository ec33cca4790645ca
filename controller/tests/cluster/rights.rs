//! What `hallpass-controller manifests` grants is what the controller needs, and little more.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};

use hallpass_apiserver::{ACCOUNT, Process, Server, free_port};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::support::world::allowlist;

const CONTROLLER: &str = env!("CARGO_BIN_EXE_hallpass-controller");

fn arguments(folder: &Path) -> Vec<String> {
    [
        "--repository",
        &format!("file://{}", folder.display()),
        "--authorized-paths",
        "gke://*",
        "--enforce",
        "cel",
    ]
    .map(str::to_owned)
    .to_vec()
}

/// Applies what the controller prints for its own installation.
fn install(server: &Server, folder: &Path) {
    let mut command = Command::new(CONTROLLER);
    command.args(["manifests", "--image", "controller.invalid/controller:1"]).args(arguments(folder));
    let printed = command.output().unwrap();
    assert!(printed.status.success(), "{printed:?}");
    let manifests = String::from_utf8(printed.stdout).unwrap();
    let apply = || server.kubectl(&["apply", "--validate=false", "-f", "-"], &manifests);
    // Objects of the two kinds may come too early.
    server.until("everything is installed", || apply().is_ok());
}

fn start(server: &Server, folder: &Path, log: &Path) -> Process {
    let mut command = Command::new(CONTROLLER);
    command.args(["--log-format", "json", "run", "--leader-elect", "--lease-namespace", ACCOUNT[0]]);
    command.args(["--interval", "5s", "--listen", &format!("127.0.0.1:{}", free_port())]);
    command.args(arguments(folder)).env("KUBECONFIG", server.kubeconfig_of_account());
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(File::create(log).unwrap());
    Process::start(&mut command)
}

fn synchronizer(paths: &[&str]) -> String {
    json!({
        "apiVersion": "auto.gke.io/v1", "kind": "AllowlistSynchronizer", "metadata": {"name": "s"},
        "spec": {"allowlistPaths": paths},
    })
    .to_string()
}

#[test]
fn the_roles_permit_what_the_controller_does() {
    let Some(server) = Server::start_with_roles() else { return };
    let folder = TempDir::new().unwrap();
    let [published, log] = ["published", "log"].map(|name| folder.path().join(name));
    fs::create_dir_all(published.join("d")).unwrap();
    for name in ["a", "b"] {
        fs::write(published.join("d").join(format!("{name}.yaml")), allowlist(name, "image.invalid/a"))
            .unwrap();
    }
    install(&server, &published);
    let _controller = start(&server, &published, &log);
    let get = |what: &[&str]| -> Json {
        let found = server.kubectl(&[&["get", "-o", "json"], what].concat(), "");
        found.ok().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
    };
    let names = |kind: &str| -> Vec<String> {
        let items = get(&[kind])["items"].as_array().cloned().unwrap_or_default();
        items.iter().map(|item| item["metadata"]["name"].as_str().unwrap().to_owned()).collect()
    };
    let until = |what: &str, done: &dyn Fn() -> bool| {
        server.until(what, || {
            let refusals: Vec<String> = fs::read_to_string(&log)
                .unwrap()
                .lines()
                .filter(|line| line.contains("forbidden"))
                .map(str::to_owned)
                .collect();
            assert!(refusals.is_empty(), "{refusals:#?}");
            done()
        });
    };

    // Install, report, and enforce.
    server
        .kubectl(&["apply", "--validate=false", "-f", "-"], &synchronizer(&["d/a.yaml", "d/b.yaml"]))
        .unwrap();
    until("both allowlists are installed", &|| names("workloadallowlists") == ["a", "b"]);
    until("the status says so", &|| {
        get(&["allowlistsynchronizers", "s"])["status"]["conditions"][0]["status"] == "True"
    });
    until("an event says so", &|| {
        let events = get(&["events.events.k8s.io", "-n", "default"])["items"].to_string();
        events.contains("SyncSuccessful")
    });
    let policy = "hallpass-privileged-workloads";
    for kind in ["validatingadmissionpolicies", "validatingadmissionpolicybindings"] {
        until("the allowlists are enforced", &|| names(kind).iter().any(|name| name == policy));
    }
    assert_eq!(
        get(&["-n", ACCOUNT[0], "leases", "hallpass-controller"])["metadata"]["name"],
        "hallpass-controller"
    );

    // Update, uninstall, and put back.
    fs::write(published.join("d/a.yaml"), allowlist("a", "image.invalid/new")).unwrap();
    server.kubectl(&["apply", "--validate=false", "-f", "-"], &synchronizer(&["d/a.yaml"])).unwrap();
    until("`b` is uninstalled, and `a` updated", &|| {
        let a = get(&["workloadallowlists", "a"]);
        names("workloadallowlists") == ["a"]
            && a["matchingCriteria"]["containers"][0]["image"] == "image.invalid/new"
    });
    until("the policy has the new version", &|| {
        get(&["validatingadmissionpolicies", policy]).to_string().contains("image.invalid/new")
    });
    server.kubectl(&["delete", "validatingadmissionpolicybindings", policy], "").unwrap();
    until("the binding is back", &|| {
        names("validatingadmissionpolicybindings").iter().any(|name| name == policy)
    });
    server.kubectl(&["delete", "-n", ACCOUNT[0], "lease", "hallpass-controller"], "").unwrap();
    until("the lease is back", &|| {
        !get(&["-n", ACCOUNT[0], "leases", "hallpass-controller"])["metadata"].is_null()
    });

    // Little else.
    let account = format!("--as=system:serviceaccount:{}:{}", ACCOUNT[0], ACCOUNT[1]);
    let may =
        |verb, what| server.kubectl(&["auth", "can-i", verb, what, "-n", ACCOUNT[0], &account], "").is_ok();
    assert!(may("update", "workloadallowlists.auto.gke.io"));
    for (verb, what) in [
        ("create", "pods"),
        ("get", "secrets"),
        ("get", "configmaps"),
        ("update", "allowlistsynchronizers.auto.gke.io"),
        ("delete", "allowlistsynchronizers.auto.gke.io"),
        ("create", "clusterroles.rbac.authorization.k8s.io"),
        ("impersonate", "users"),
        ("delete", "leases.coordination.k8s.io"),
    ] {
        assert!(!may(verb, what), "{verb} {what}");
    }
}
