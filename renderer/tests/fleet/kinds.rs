//! Validates every rendered manifest against the schema of its kind.

use std::collections::BTreeSet;
use std::fs;

use k8s_openapi::api::admissionregistration::v1::{
    ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding,
};
use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::core::v1::{ConfigMap, Namespace, ServiceAccount};
use k8s_openapi::api::networking::v1::NetworkPolicy;
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use k8s_openapi::api::rbac::v1::{ClusterRole, ClusterRoleBinding, Role, RoleBinding};
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use crate::manifests::{all, objects};
use crate::support::{data, root};

const RBAC: &str = "rbac.authorization.k8s.io/v1";

/// Checks that a core type keeps every field: unknown fields would be dropped.
fn round_trip<T: DeserializeOwned + serde::Serialize>(object: &Json) {
    let typed: T = serde_json::from_value(object.clone()).unwrap();
    assert_eq!(&serde_json::to_value(typed).unwrap(), object);
}

#[test]
fn every_manifest_fits_its_kind() {
    let mut kinds = BTreeSet::new();
    for (tree, files) in all() {
        for file in &files {
            for object in objects(file) {
                let (version, kind) =
                    (object["apiVersion"].as_str().unwrap(), object["kind"].as_str().unwrap());
                kinds.insert(kind.to_owned());
                match (version, kind) {
                    ("v1", "ConfigMap") => round_trip::<ConfigMap>(&object),
                    ("v1", "Namespace") => round_trip::<Namespace>(&object),
                    ("v1", "ServiceAccount") => round_trip::<ServiceAccount>(&object),
                    ("apps/v1", "Deployment") => round_trip::<Deployment>(&object),
                    ("networking.k8s.io/v1", "NetworkPolicy") => round_trip::<NetworkPolicy>(&object),
                    ("policy/v1", "PodDisruptionBudget") => round_trip::<PodDisruptionBudget>(&object),
                    (RBAC, "ClusterRole") => round_trip::<ClusterRole>(&object),
                    (RBAC, "ClusterRoleBinding") => {
                        round_trip::<ClusterRoleBinding>(&object);
                    }
                    (RBAC, "Role") => round_trip::<Role>(&object),
                    (RBAC, "RoleBinding") => round_trip::<RoleBinding>(&object),
                    ("apiextensions.k8s.io/v1", "CustomResourceDefinition") => {
                        round_trip::<CustomResourceDefinition>(&object);
                    }
                    ("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy") => {
                        round_trip::<ValidatingAdmissionPolicy>(&object);
                    }
                    ("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicyBinding") => {
                        round_trip::<ValidatingAdmissionPolicyBinding>(&object);
                    }
                    _ => fits(&object, version, kind, &format!("{} of {tree}", file.path)),
                }
            }
        }
    }
    let expected = [
        "AllowlistSynchronizer",
        "Application",
        "ClusterAdmissionPolicy",
        "ClusterRole",
        "ClusterRoleBinding",
        "ConfigMap",
        "CustomResourceDefinition",
        "Deployment",
        "HelmRelease",
        "HelmRepository",
        "Kustomization",
        "Namespace",
        "NetworkPolicy",
        "OCIRepository",
        "PodDisruptionBudget",
        "Role",
        "RoleBinding",
        "ServiceAccount",
        "ValidatingAdmissionPolicy",
        "ValidatingAdmissionPolicyBinding",
    ];
    assert!(kinds.iter().eq(expected.iter()), "{kinds:?}");
}

fn fits(object: &Json, version: &str, kind: &str, place: &str) {
    let group = version.split('/').next().unwrap();
    let schema = if group == "auto.gke.io" { synchronizer_schema() } else { ours(group, kind) };
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator.iter_errors(object).map(|error| format!("{error:?}")).collect();
    assert!(errors.is_empty(), "{place}: {errors:#?}");
}

fn ours(group: &str, kind: &str) -> Json {
    let file = data().join(format!("schemas/{group}_{kind}.json"));
    let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    serde_json::from_str(&text).unwrap()
}

/// The schema of the CRD, but with unknown fields as errors. A cluster would drop them.
fn synchronizer_schema() -> Json {
    let file = root().join("schemas/crds/allowlistsynchronizers.auto.gke.io.yaml");
    let crd: Json = serde_yaml::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    let mut schema = crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"].clone();
    for pointer in ["", "/properties/spec"] {
        schema.pointer_mut(pointer).unwrap()["additionalProperties"] = false.into();
    }
    schema
}
