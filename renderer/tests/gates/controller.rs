//! The manifests of hallpass-controller.

use std::collections::BTreeSet;

use hallpass_document::Value;
use hallpass_policy::{AllowlistSet, Options, Profile, Role, Verdict, Workload, decide};
use hallpass_renderer::admission::MOST_PATHS;
use hallpass_renderer::controller::{Controller, manifests};
use hallpass_renderer::{Fleet, Object};
use serde_json::{Value as Json, json};

/// The defaults, and all settings.
pub(crate) fn settings() -> [Controller; 2] {
    let default =
        json!({"image": "registry.example/hallpass-controller:0.1.0", "repository": "gs://acme-partners"});
    let full = json!({
        "image": "registry.example/hallpass-controller:0.1.0",
        "repository": "https://lists.example:8443/partners",
        "buckets": {"acme-lists": "s3://acme-lists/allowlists"},
        "authorizedPaths": ["gke://Alpha/*", "gs://acme-lists/*"],
        "gkeVersion": "1.35.6-gke.1049000",
        "interval": "5m",
        "namespace": "allowlists",
        "replicas": 3,
        "serviceAccountAnnotations": {"eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/allowlists"},
        "envFromSecret": "repository",
        "enforce": {
            "by": "cel", "profile": "autopilot", "shard": "label", "excludeNamespaces": ["ci"], "actions": ["Warn", "Audit"],
        },
    });
    [default, full].map(|settings| serde_json::from_value(settings).unwrap())
}

/// Returns the only object of a kind.
pub(crate) fn only<'o>(objects: &'o [Object], kind: &str) -> &'o Object {
    let mut found = objects.iter().filter(|object| object["kind"] == kind);
    let first = found.next().unwrap_or_else(|| panic!("no {kind}"));
    assert!(found.next().is_none(), "{kind}");
    first
}

#[test]
fn hallpass_admits_it_without_an_allowlist() {
    for controller in settings() {
        let text = only(&manifests(&controller), "Deployment").to_string();
        let value = Value::from_json(text.as_bytes()).unwrap();
        let (found, _) = hallpass_policy::manifests(&value);
        let Ok(Role::Workload(kind)) = found[0].role() else { panic!("a Deployment is a workload") };
        let read = Workload::read(&found[0], kind).unwrap();
        for profile in [Profile::autopilot(), Profile::built_in("kubernetes").unwrap()] {
            let options = Options { strict: true, ..Options::new(&profile) };
            let decision = decide(&read.workload, &AllowlistSet::default(), &options);
            assert_eq!(decision.verdict, Verdict::Admitted, "{decision:?}");
        }
    }
}

/// The fields of the restricted level (kubernetes.io, "Pod Security Standards"); a real API server checks it in
/// `apiserver/controller.rs`.
#[test]
fn its_pods_are_restricted() {
    for controller in settings() {
        let objects = manifests(&controller);
        let labels = &only(&objects, "Namespace")["metadata"]["labels"];
        assert_eq!(labels["pod-security.kubernetes.io/enforce"], "restricted");
        let pod = &only(&objects, "Deployment")["spec"]["template"]["spec"];
        for absent in ["hostNetwork", "hostPID", "hostIPC", "volumes", "initContainers"] {
            assert_eq!(pod[absent], Json::Null, "{absent}");
        }
        assert_eq!(pod["securityContext"]["runAsNonRoot"], true);
        assert!(pod["securityContext"]["runAsUser"].as_u64().unwrap() > 0);
        assert_eq!(pod["securityContext"]["seccompProfile"]["type"], "RuntimeDefault");
        let container = &pod["containers"][0]["securityContext"];
        let expected = json!({
            "allowPrivilegeEscalation": false,
            "capabilities": {"drop": ["ALL"]},
            "readOnlyRootFilesystem": true,
        });
        assert_eq!(*container, expected);
    }
}

#[test]
fn settings_become_flags() {
    let arguments = settings().map(|controller| {
        let deployment = only(&manifests(&controller), "Deployment").clone();
        let arguments = deployment["spec"]["template"]["spec"]["containers"][0]["args"].clone();
        serde_json::from_value::<Vec<String>>(arguments).unwrap()
    });
    let [default, full] = arguments;
    assert_eq!(
        default,
        [
            "run",
            "--repository=gs://acme-partners",
            "--authorized-paths=gke://*",
            "--interval=10m",
            "--listen=0.0.0.0:8080",
            "--leader-elect",
            "--log-format=json",
        ]
    );
    assert_eq!(
        full,
        [
            "run",
            "--repository=https://lists.example:8443/partners",
            "--bucket=acme-lists=s3://acme-lists/allowlists",
            "--authorized-paths=gke://Alpha/*,gs://acme-lists/*",
            "--gke-version=1.35.6-gke.1049000",
            "--enforce=cel",
            "--enforce-profile=autopilot",
            "--enforce-shard=label",
            "--enforce-exclude-namespace=ci",
            "--enforce-action=Warn",
            "--enforce-action=Audit",
            "--interval=5m",
            "--listen=0.0.0.0:8080",
            "--leader-elect",
            "--log-format=json",
        ]
    );
}

/// What the roles permit.
fn permitted(objects: &[Object]) -> BTreeSet<String> {
    let mut allowed = BTreeSet::new();
    for kind in ["ClusterRole", "Role"] {
        for rule in only(objects, kind)["rules"].as_array().unwrap() {
            let names = rule["resourceNames"].as_array().into_iter().flatten().filter_map(Json::as_str);
            let names = names.map(|name| format!(" {name}")).collect::<String>();
            for verb in rule["verbs"].as_array().unwrap() {
                let [group, resource] =
                    ["apiGroups", "resources"].map(|field| rule[field][0].as_str().unwrap());
                allowed.insert(format!("{kind}: {} {resource}.{group}{names}", verb.as_str().unwrap()));
            }
        }
    }
    allowed
}

#[test]
fn it_may_do_only_what_it_must() {
    let [default, controller] = settings();
    let objects = manifests(&controller);
    let allowed = permitted(&manifests(&default));
    let expected = [
        "ClusterRole: create events.events.k8s.io",
        "ClusterRole: create workloadallowlists.auto.gke.io",
        "ClusterRole: delete workloadallowlists.auto.gke.io",
        "ClusterRole: get allowlistsynchronizers.auto.gke.io",
        "ClusterRole: get workloadallowlists.auto.gke.io",
        "ClusterRole: list allowlistsynchronizers.auto.gke.io",
        "ClusterRole: list workloadallowlists.auto.gke.io",
        "ClusterRole: patch allowlistsynchronizers/status.auto.gke.io",
        "ClusterRole: patch events.events.k8s.io",
        "ClusterRole: update allowlistsynchronizers/status.auto.gke.io",
        "ClusterRole: update workloadallowlists.auto.gke.io",
        "ClusterRole: watch allowlistsynchronizers.auto.gke.io",
        "ClusterRole: watch workloadallowlists.auto.gke.io",
        "Role: create leases.coordination.k8s.io",
        "Role: get leases.coordination.k8s.io hallpass-controller",
        "Role: patch leases.coordination.k8s.io hallpass-controller",
        "Role: update leases.coordination.k8s.io hallpass-controller",
    ];
    assert!(allowed.iter().eq(expected.iter()), "{allowed:#?}");
    // Only to enforce does it need more.
    let mut expected = allowed;
    for resource in ["validatingadmissionpolicies", "validatingadmissionpolicybindings"] {
        for verb in ["get", "list", "watch", "create", "update", "delete"] {
            expected.insert(format!("ClusterRole: {verb} {resource}.admissionregistration.k8s.io"));
        }
    }
    assert_eq!(permitted(&objects), expected);
    // The policy names the service account of the Deployment.
    let pod = &only(&objects, "Deployment")["spec"]["template"]["spec"];
    assert_eq!(pod["serviceAccountName"], only(&objects, "ServiceAccount")["metadata"]["name"]);
    assert_eq!(controller.user(), "system:serviceaccount:allowlists:hallpass-controller");
    let protects = |object: &&Object| object["metadata"]["name"] == "hallpass-protect-allowlists";
    let policy = objects.iter().find(protects).unwrap();
    assert!(policy["spec"]["validations"][0]["expression"].as_str().unwrap().contains(&controller.user()));
}

#[test]
fn one_pod_can_be_moved_to_another_node() {
    let [controller, _] = settings();
    let budgets = |replicas| {
        let objects = manifests(&Controller { replicas, ..controller.clone() });
        objects.iter().filter(|object| object["kind"] == "PodDisruptionBudget").count()
    };
    assert_eq!((budgets(1), budgets(2)), (0, 1));
}

#[test]
fn the_network_policy_opens_the_ports_of_the_sources() {
    let ports = settings().map(|controller| {
        let objects = manifests(&controller);
        let egress = only(&objects, "NetworkPolicy")["spec"]["egress"].as_array().unwrap().clone();
        let ports = |rule: &Json| -> Vec<u64> {
            rule["ports"].as_array().unwrap().iter().map(|port| port["port"].as_u64().unwrap()).collect()
        };
        egress.iter().map(ports).collect::<Vec<_>>()
    });
    let metadata = vec![80, 988];
    assert_eq!(ports[0], [vec![53, 53], vec![443, 6443], metadata.clone()]);
    assert_eq!(ports[1], [vec![53, 53], vec![443, 6443, 8443], metadata]);
}

/// Kubernetes would refuse the policy of a longer list, or the policy a longer synchronizer.
#[test]
fn a_fleet_stays_within_the_limits() {
    let files =
        |count: usize| (0..count).map(|index| format!("dir/{index:0>75}.yaml")).collect::<Vec<String>>();
    let faults = |paths: usize, authorized: usize| -> Vec<String> {
        let authorized: Json =
            files(authorized).iter().map(|path| Json::from(format!("gke://{path}"))).collect();
        let controller =
            json!({"clusters": {}, "image": "i", "repository": "gs://acme", "authorizedPaths": authorized});
        let fleet = json!({
            "apiVersion": "hallpass.dev/v1alpha1",
            "kind": "Fleet",
            "metadata": {"name": "acme"},
            "spec": {
                "clusters": [{"name": "edge", "synchronizer": "hallpass"}],
                "synchronizers": [{"name": "partner", "clusters": {}, "allowlistPaths": files(paths)}],
                "controller": [controller],
                "delivery": [{"clusters": {}, "plain": {}}],
            },
        });
        let text = fleet.to_string();
        let document = hallpass_reader::read(text.as_bytes()).next().unwrap().unwrap();
        Fleet::read(document.root()).err().unwrap_or_default().iter().map(ToString::to_string).collect()
    };
    assert_eq!(faults(MOST_PATHS, 1_000), [] as [String; 0]);
    assert_eq!(
        faults(MOST_PATHS + 1, 1_000),
        [
            "/spec/synchronizers/0/allowlistPaths: the synchronizer has 501 paths on cluster `edge`, and the policy of the \
             controller can evaluate at most 500 (name folders, `dir/*`, instead of single files, or split the synchronizer)"
        ],
    );
    let [fault] = faults(1, 1_200).try_into().unwrap();
    assert!(
        fault.starts_with("/spec/controller/0/authorizedPaths: the list is too long: an expression of"),
        "{fault}"
    );
    assert!(fault.ends_with("(authorize folders, `gke://dir/*`, instead of single files)"), "{fault}");
}
