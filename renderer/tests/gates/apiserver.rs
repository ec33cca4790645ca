//! The policies on a real API server, when KUBEBUILDER_ASSETS names a folder with etcd and kube-apiserver.

mod server;

use std::io::Write as _;
use std::path::Path;

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
}

fn synchronizer(name: &str, paths: &[&str]) -> Json {
    json!({
        "apiVersion": "auto.gke.io/v1",
        "kind": "AllowlistSynchronizer",
        "metadata": {"name": name},
        "spec": {"allowlistPaths": paths},
    })
}

/// Installs a policy and waits until it refuses a synchronizer that it must refuse.
fn install(server: &Server, manifests: &[Object; 2]) {
    for manifest in manifests {
        server.give(SOMEONE, &["apply", "-f", "-"], manifest).unwrap();
    }
    let probe = synchronizer("probe", &["nobody/allows/this.yaml"]);
    server.until("the policy counts", || {
        server.give(SOMEONE, &["create", "--dry-run=server", "-f", "-"], &probe).is_err()
    });
}

fn uninstall(server: &Server, manifests: &[Object; 2]) {
    for manifest in manifests {
        server.give(SOMEONE, &["delete", "-f", "-"], manifest).unwrap();
    }
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
