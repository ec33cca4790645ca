//! The policies on a real API server, when KUBEBUILDER_ASSETS names a folder with etcd and kube-apiserver.

mod server;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use hallpass_renderer::Object;
use hallpass_renderer::admission::{Exempt, Operations, forbid};
use serde_json::{Value as Json, json};

use crate::admission::{CaseFile, read};
use crate::policy::Answer;
use server::Server;

/// A member of no group; and one of the group that is exempt below.
const SOMEONE: &str = "someone";
const EXEMPT: &str = "exempt";

#[test]
fn a_real_api_server_answers_as_the_cases_say() {
    let Some(assets) = std::env::var_os("KUBEBUILDER_ASSETS") else {
        // Written past the capture of `println!`, so that a plain `cargo test` shows it.
        let text = b"skipped: `KUBEBUILDER_ASSETS` names no folder with etcd and kube-apiserver\n";
        std::io::stderr().write_all(text).unwrap();
        return;
    };
    let server = Server::start(Path::new(&assets), &[(SOMEONE, "nobodies"), (EXEMPT, "platform-admins")]);
    for plural in ["allowlistsynchronizers", "workloadallowlists"] {
        let file = format!("{}/../schemas/crds/{plural}.auto.gke.io.yaml", env!("CARGO_MANIFEST_DIR"));
        server.run(SOMEONE, &["apply", "-f", &file]).unwrap();
        let name = format!("crd/{plural}.auto.gke.io");
        server.run(SOMEONE, &["wait", "--for=condition=Established", &name]).unwrap();
    }
    forbidding(&server);
    allowing(&server);
    rendered(&server);
}

fn synchronizer(name: &str, paths: &[&str]) -> Json {
    json!({
        "apiVersion": "auto.gke.io/v1",
        "kind": "AllowlistSynchronizer",
        "metadata": {"name": name},
        "spec": {"allowlistPaths": paths},
    })
}

/// Whether the server refuses a synchronizer that every policy here must refuse.
fn refuses(server: &Server) -> bool {
    let probe = synchronizer("probe", &["nobody/allows/this.yaml"]);
    server.give(SOMEONE, &["create", "--dry-run=server", "-f", "-"], &probe).is_err()
}

/// Installs a policy and waits until it counts.
fn install(server: &Server, manifests: &[Object; 2]) {
    for manifest in manifests {
        server.give(SOMEONE, &["apply", "-f", "-"], manifest).unwrap();
    }
    server.until("the policy counts", || refuses(server));
}

/// Takes a policy away and waits until it no longer counts: the next one would be taken for it.
fn uninstall(server: &Server, manifests: &[Object; 2]) {
    for manifest in manifests {
        server.give(SOMEONE, &["delete", "-f", "-"], manifest).unwrap();
    }
    server.until("the policy counts no more", || !refuses(server));
}

fn forbidding(server: &Server) {
    let create = ["create", "-f", "-"];
    let replace = ["replace", "-f", "-"];
    server.give(SOMEONE, &create, &synchronizer("old", &["a/one.yaml", "a/two.yaml"])).unwrap();
    let exempt = Exempt { users: Vec::new(), groups: vec!["platform-admins".to_owned()] };
    let policy = forbid(Operations::Removable, &exempt);
    install(server, &policy);
    let denial = server.give(SOMEONE, &create, &synchronizer("new", &["a/one.yaml"])).unwrap_err();
    assert!(denial.contains("AllowlistSynchronizer creation is not allowed"), "{denial}");
    server.give(EXEMPT, &create, &synchronizer("new", &["a/one.yaml"])).unwrap();
    server.run(SOMEONE, &["annotate", "allowlistsynchronizer/old", "resync=1"]).unwrap();
    let current = synchronizer("old", &["a/one.yaml", "a/two.yaml", "a/three.yaml"]);
    server.give(SOMEONE, &replace, &current).unwrap_err();
    server.give(SOMEONE, &replace, &synchronizer("old", &["a/two.yaml"])).unwrap();
    server.run(SOMEONE, &["delete", "allowlistsynchronizer", "old", "new"]).unwrap();
    uninstall(server, &policy);
}

fn allowing(server: &Server) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/gates/admission/allow-only.yaml");
    let CaseFile { policy, cases } = read(&file);
    let policy = policy.emit();
    install(server, &policy);
    for case in cases {
        let mut request = case.request();
        // Other requests need an object that the policy would not let in; null never reaches a policy.
        if request.operation != "CREATE" || request.object.to_string().contains("null") {
            continue;
        }
        request.object["apiVersion"] = "auto.gke.io/v1".into();
        request.object["kind"] = "AllowlistSynchronizer".into();
        let answer = server.give(SOMEONE, &["create", "--dry-run=server", "-f", "-"], &request.object);
        match (case.expected(), answer) {
            (Answer::Admitted, Ok(())) => {}
            // What the definition refuses never reaches a policy either.
            (Answer::Denied(message), Err(denial)) => assert!(
                denial.contains(&message) || denial.contains("is invalid") || denial.contains("BadRequest"),
                "{}: {denial}",
                case.name
            ),
            (expected, answer) => panic!("{}: {expected:?}, but {answer:?}", case.name),
        }
    }
    uninstall(server, &policy);
}

/// What the snapshots of trees hold for the API server, cluster by cluster: the policy lets the synchronizers in that the
/// fleet puts beside it, and out again.
fn rendered(server: &Server) {
    let trees = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fleet/trees");
    let (mut with_policy, mut with_both) = (0, 0);
    for cluster in folders(&trees) {
        let [policies, allowlists] = ["policies", "allowlists"].map(|name| cluster.join(name));
        let kubectl = |verb: &str, folder: &Path| {
            let done = server.run(SOMEONE, &[verb, "--recursive", "-f", folder.to_str().unwrap()]);
            done.unwrap_or_else(|told| panic!("{verb} {}: {told}", folder.display()));
        };
        if policies.is_dir() {
            with_policy += 1;
            kubectl("apply", &policies);
            server.until("the policy counts", || refuses(server));
        }
        if allowlists.is_dir() {
            with_both += usize::from(policies.is_dir());
            kubectl("apply", &allowlists);
            kubectl("delete", &allowlists);
        }
        if policies.is_dir() {
            kubectl("delete", &policies);
            server.until("the policy counts no more", || !refuses(server));
        }
    }
    assert!(with_policy >= 4 && with_both >= 2, "{with_policy} {with_both}");
}

/// All folders below one.
fn folders(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in folder.read_dir().unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(folders(&path));
            found.push(path);
        }
    }
    found
}
