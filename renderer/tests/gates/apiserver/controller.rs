//! The manifests of hallpass-controller with the server.

use hallpass_apiserver::Server;
use hallpass_renderer::controller::manifests;
use serde_json::json;

use super::start;
use crate::controller::{only, settings};

#[test]
fn the_server_takes_the_controller_and_protects_its_allowlists() {
    let Some(server) = start() else { return };
    for controller in settings() {
        let objects = manifests(&controller);
        for object in &objects {
            apply(&server, &object.to_string());
            if object["kind"] == "CustomResourceDefinition" {
                let name = format!("crd/{}", object["metadata"]["name"].as_str().unwrap());
                server.kubectl(&["wait", "--for=condition=Established", &name], "").unwrap();
            }
        }
        // No controller runs here that would create the Pods.
        let template = &only(&objects, "Deployment")["spec"]["template"];
        let metadata = json!({"name": "pod", "namespace": controller.namespace});
        let mut pod =
            json!({"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": template["spec"]});
        create(&server, &pod.to_string(), &[]).unwrap();
        pod["spec"]["containers"][0]["securityContext"]["capabilities"] = json!({});
        let refusal = create(&server, &pod.to_string(), &[]).unwrap_err();
        assert!(refusal.contains("violates PodSecurity \"restricted"), "{refusal}");

        let allowlist = json!({
            "apiVersion": "auto.gke.io/v1",
            "kind": "WorkloadAllowlist",
            "metadata": {"name": "agent"},
            "exemptions": ["autogke-disallow-privilege"],
            "matchingCriteria": {"containers": [{"name": "agent"}]},
        });
        let user = controller.user();
        let refused = |user: &str, groups: &str| {
            create(&server, &allowlist.to_string(), &[("--as", user), ("--as-group", groups)]).err()
        };
        server.until("the policies count", || refused("admin", "system:masters").is_some());
        let refusal = refused("admin", "system:masters").unwrap();
        assert!(
            refusal.contains(&format!("only `{user}` may write WorkloadAllowlists: name the path")),
            "{refusal}"
        );
        assert_eq!(refused(&user, "system:serviceaccounts"), None);

        let synchronizer = json!({
            "apiVersion": "auto.gke.io/v1",
            "kind": "AllowlistSynchronizer",
            "metadata": {"name": "partner"},
            "spec": {"allowlistPaths": ["Alpha/*"], "bucketName": "evil"},
        });
        let refusal = || create(&server, &synchronizer.to_string(), &[]).err();
        server.until("the policies count", || refusal().is_some());
        let refusal = refusal().unwrap();
        assert!(
            refusal.contains("Unauthorized allowlist path(s) 'gs://evil/Alpha/*': not found in authorized"),
            "{refusal}"
        );
        // So that the policies of the next settings are their own.
        for object in objects.iter().filter(|object| object["kind"] != "CustomResourceDefinition") {
            server.kubectl(&["delete", "--wait=false", "-f", "-"], &object.to_string()).unwrap();
        }
        server.until("the policies count no more", || refused("admin", "system:masters").is_none());
    }
}

fn apply(server: &Server, object: &str) {
    server.kubectl(&["apply", "-f", "-"], object).unwrap_or_else(|shown| panic!("{object}: {shown}"));
}

fn create(server: &Server, object: &str, flags: &[(&str, &str)]) -> Result<String, String> {
    let flags = flags.iter().map(|(name, value)| format!("{name}={value}"));
    let arguments: Vec<String> =
        ["create", "--dry-run=server", "-f", "-"].map(str::to_owned).into_iter().chain(flags).collect();
    server.kubectl(&arguments.iter().map(String::as_str).collect::<Vec<_>>(), object)
}
