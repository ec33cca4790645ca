//! Workloads of test cases as the server accepts them.

use hallpass_workload::WorkloadKind;
use serde_json::{Value as Json, json};

/// Adds fields that cases omit, because no rule reads them, but that every workload has, and sets the namespace.
#[must_use]
pub fn complete(kind: WorkloadKind, mut object: Json, namespace: &str) -> Json {
    // Optional for an item of a list, or the object of a request.
    default(&mut object, "apiVersion", kind.api_version());
    default(&mut object, "kind", kind.name());
    default(&mut object["metadata"], "name", "case");
    object["metadata"]["namespace"] = namespace.into();
    match kind {
        WorkloadKind::Pod | WorkloadKind::PodTemplate => {}
        WorkloadKind::Job => complete_job(&mut object["spec"]),
        WorkloadKind::CronJob => {
            default(&mut object["spec"], "schedule", "@daily");
            complete_job(&mut object["spec"]["jobTemplate"]["spec"]);
        }
        WorkloadKind::ReplicationController => object["spec"]["selector"] = json!({"app": "case"}),
        _ => object["spec"]["selector"] = json!({"matchLabels": {"app": "case"}}),
    }
    let claims = object.pointer_mut("/spec/volumeClaimTemplates").and_then(Json::as_array_mut);
    for claim in claims.into_iter().flatten() {
        claim["spec"]["accessModes"] = json!(["ReadWriteOnce"]);
        claim["spec"]["resources"] = json!({"requests": {"storage": "1Gi"}});
    }
    let template = kind.template().iter().fold(&mut object, |part, key| &mut part[*key]);
    template["metadata"]["labels"]["app"] = "case".into();
    object
}

fn complete_job(job: &mut Json) {
    job["completions"] = 1.into();
    default(&mut job["template"]["spec"], "restartPolicy", "Never");
}

fn default(object: &mut Json, key: &str, value: &str) {
    if object[key].is_null() {
        object[key] = value.into();
    }
}
