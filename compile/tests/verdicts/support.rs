//! Asks the decision crate and the compiled policies about the same object.

use hallpass_cel::{Outcome, Request, review};
use hallpass_compile::{Exempt, Options, Shard, compile};
use hallpass_document::Value;
use hallpass_policy::{
    AllowlistSet, GkeVersion, Judgement, Manifest, Profile, Role, Verdict, judge, manifests,
};
use serde_json::{Value as Json, json};

/// What is installed in a cluster.
pub(crate) struct Cluster {
    pub(crate) allowlists: Vec<Json>,
    pub(crate) profile: Profile,
    pub(crate) target: Option<GkeVersion>,
}

/// A workload, and what both say about it.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) native: Verdict,
    /// The allowlists that alone exempt the workload.
    pub(crate) matching: Vec<String>,
    /// An error is an evaluation that fails, so that the API server refuses the request.
    pub(crate) policy: Result<Outcome, String>,
    /// The object as the API server stores it.
    #[expect(dead_code, reason = "shown if a test fails")]
    object: Json,
}

impl Answer {
    /// Whether the verdicts are equal. The decision names the allowlist with the fewest assumptions, and the policy the first
    /// that matches.
    pub(crate) fn agrees(&self) -> bool {
        /// The longest message that Kubernetes accepts, in bytes.
        const LONGEST: usize = 5 << 10;
        match (&self.policy, self.native) {
            (Ok(Outcome::Refused(message)), Verdict::Denied) => (1..=LONGEST).contains(&message.len()),
            (Ok(Outcome::Admitted(annotations)), Verdict::Admitted) => annotations.is_empty(),
            (Ok(Outcome::Admitted(annotations)), Verdict::Exempted) => {
                matches!(annotations.as_slice(), [(key, allowlist)] if key == "allowlist" && self.matching.contains(allowlist))
            }
            _ => false,
        }
    }
}

/// Asks about each workload in a document. `None` if the allowlists are invalid.
pub(crate) fn ask(cluster: &Cluster, document: &Json, shard: Shard) -> Option<Vec<Answer>> {
    let texts: Vec<String> = cluster.allowlists.iter().map(Json::to_string).collect();
    let values: Vec<Value<'_>> =
        texts.iter().map(|text| Value::from_json(text.as_bytes()).unwrap()).collect();
    let mut found = Vec::new();
    for value in &values {
        let (objects, faults) = manifests(value);
        if !faults.is_empty() || objects.iter().any(|object| object.role() != Ok(Role::Allowlist)) {
            return None;
        }
        found.extend(objects);
    }
    let load = AllowlistSet::load(&found);
    if !load.invalid.is_empty() || !load.duplicates.is_empty() {
        return None;
    }
    let options = Options {
        name: "hallpass",
        profile: &cluster.profile,
        target: cluster.target,
        shard,
        exempt: &Exempt::default(),
        excluded_namespaces: &[],
        bindings: &[],
    };
    let compiled = compile(&load.set, &options);
    let judged = decide(cluster, &load.set, document);
    let answers = judged.workloads.iter().map(|judged| {
        let object = stored(document.pointer(&judged.path).unwrap());
        let request = json!({
            "operation": "CREATE",
            "kind": {"kind": judged.kind.name()},
            "namespace": judged.namespace.clone().unwrap_or_else(|| "default".to_owned()),
        });
        let request = Request { request: &request, object: &object, old_object: &Json::Null };
        let outcomes: Result<Vec<Outcome>, String> =
            compiled.policies.iter().map(|policy| review(&policy.policy, &request)).collect();
        let policy = outcomes.map(|outcomes| {
            let mut relevant = outcomes.into_iter().filter(|outcome| *outcome != Outcome::Ignored);
            let outcome = relevant.next().expect("a policy applies to every workload");
            assert_eq!(relevant.next(), None, "only one policy applies");
            outcome
        });
        let exempts = |object: &&Manifest<'_>| {
            let alone = AllowlistSet::load(std::slice::from_ref(*object)).set;
            let judged_alone = decide(cluster, &alone, document);
            judged_alone
                .workloads
                .iter()
                .any(|other| other.path == judged.path && other.decision.verdict == Verdict::Exempted)
        };
        let matching = found.iter().filter(exempts).filter_map(Manifest::name).map(str::to_owned).collect();
        Answer { native: judged.decision.verdict, matching, policy, object }
    });
    Some(answers.collect())
}

fn decide(cluster: &Cluster, set: &AllowlistSet<'_>, document: &Json) -> Judgement {
    let text = document.to_string();
    let root = Value::from_json(text.as_bytes()).unwrap();
    let options =
        hallpass_policy::Options { profile: &cluster.profile, target: cluster.target, strict: false };
    judge(&root, set, &options)
}

/// Returns an object as the API server stores it: without null, which is the empty text as the value of a map of texts, and
/// with the default type of volumes.
fn stored(object: &Json) -> Json {
    match object {
        Json::Object(fields) => {
            let mut fields: serde_json::Map<String, Json> = fields
                .iter()
                .filter(|(_, value)| !value.is_null())
                .map(|(key, value)| match (key.as_str(), value) {
                    ("labels" | "annotations" | "nodeSelector", Json::Object(texts)) => {
                        (key.clone(), texts_of(texts))
                    }
                    _ => (key.clone(), stored(value)),
                })
                .collect();
            if let Some(Json::Array(volumes)) = fields.get_mut("volumes") {
                for volume in
                    volumes.iter_mut().filter_map(Json::as_object_mut).filter(|volume| volume.len() == 1)
                {
                    volume.insert("emptyDir".to_owned(), json!({}));
                }
            }
            fields.into()
        }
        Json::Array(items) => items.iter().map(stored).collect(),
        other => other.clone(),
    }
}

fn texts_of(map: &serde_json::Map<String, Json>) -> Json {
    let text = |value: &Json| if value.is_null() { "".into() } else { value.clone() };
    map.iter().map(|(key, value)| (key.clone(), text(value))).collect::<serde_json::Map<_, _>>().into()
}
