//! Asks the decision crate and the compiled policies about the same object.

use hallpass_cel::{Outcome, Request, review};
use hallpass_compile::{Binding, Compiled, Exempt, Options, Shard, compile};
use hallpass_document::Value;
use hallpass_policy::{AllowlistSet, GkeVersion, Judged, Manifest, Profile, Role, Verdict, judge, manifests};
use serde_json::{Map, Value as Json, json};

/// What is installed in a cluster.
#[derive(Debug)]
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
            (Ok(Outcome::Admitted(annotations)), Verdict::Exempted) => matches!(
                annotations.as_slice(),
                [(key, allowlist)] if key == "allowlist" && self.matching.contains(allowlist)
            ),
            _ => false,
        }
    }

    /// Whether the API server refuses it.
    pub(crate) fn is_refused(&self) -> bool {
        matches!(self.policy, Ok(Outcome::Refused(_)))
    }
}

impl Cluster {
    /// Calls `ask` with the allowlists, unless they are invalid.
    fn with_allowlists<T>(&self, ask: impl FnOnce(&AllowlistSet<'_>, &[Manifest<'_>]) -> T) -> Option<T> {
        let texts: Vec<String> = self.allowlists.iter().map(Json::to_string).collect();
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
        (load.invalid.is_empty() && load.duplicates.is_empty()).then(|| ask(&load.set, &found))
    }

    /// Returns the policies, unless the allowlists are invalid.
    pub(crate) fn policies(&self, name: &str, shard: Shard, bindings: &[Binding]) -> Option<Compiled> {
        self.with_allowlists(|set, _| self.compiled(set, name, shard, bindings))
    }

    fn compiled(&self, set: &AllowlistSet<'_>, name: &str, shard: Shard, bindings: &[Binding]) -> Compiled {
        let options = Options {
            name,
            profile: &self.profile,
            target: self.target,
            shard,
            exempt: &Exempt::default(),
            excluded_namespaces: &[],
            bindings,
        };
        compile(set, &options)
    }

    /// Returns the workloads in a document with their decisions, unless the allowlists are invalid.
    pub(crate) fn judge(&self, document: &Json) -> Option<Vec<Judged>> {
        self.with_allowlists(|set, _| self.decide(set, document))
    }

    fn decide(&self, set: &AllowlistSet<'_>, document: &Json) -> Vec<Judged> {
        let text = document.to_string();
        let root = Value::from_json(text.as_bytes()).unwrap();
        let options = hallpass_policy::Options { profile: &self.profile, target: self.target, strict: false };
        judge(&root, set, &options).workloads
    }

    /// Reviews a new Pod, even if it is an error for hallpass.
    pub(crate) fn reviewed(&self, pod: &Json) -> Result<Outcome, String> {
        let compiled = self.policies("hallpass", Shard::None, &[]).unwrap();
        let request = json!({"operation": "CREATE", "kind": {"kind": "Pod"}, "namespace": "default"});
        reviewed(&compiled, &request, &stored(pod))
    }

    /// Asks about each workload in a document. `None` if the allowlists are invalid.
    pub(crate) fn ask(&self, document: &Json, shard: Shard) -> Option<Vec<Answer>> {
        self.with_allowlists(|set, found| {
            let compiled = self.compiled(set, "hallpass", shard, &[]);
            let answer = |judged: Judged| {
                let object = stored(document.pointer(&judged.path).unwrap());
                let namespace = judged.namespace.clone().unwrap_or_else(|| "default".to_owned());
                let request = json!({
                    "operation": "CREATE", "kind": {"kind": judged.kind.name()}, "namespace": namespace,
                });
                let policy = reviewed(&compiled, &request, &object);
                let exempts = |manifest: &&Manifest<'_>| {
                    let alone = AllowlistSet::load(std::slice::from_ref(*manifest)).set;
                    self.decide(&alone, document)
                        .iter()
                        .any(|other| other.path == judged.path && other.decision.verdict == Verdict::Exempted)
                };
                let matching = found.iter().filter(exempts).filter_map(Manifest::name);
                let matching = matching.map(str::to_owned).collect();
                Answer { native: judged.decision.verdict, matching, policy, object }
            };
            self.decide(set, document).into_iter().map(answer).collect()
        })
    }
}

/// Reviews a new object by the one policy that applies to it.
fn reviewed(compiled: &Compiled, request: &Json, object: &Json) -> Result<Outcome, String> {
    let request = Request { request, object, old_object: &Json::Null };
    let outcomes: Result<Vec<Outcome>, String> =
        compiled.policies.iter().map(|policy| review(&policy.policy, &request)).collect();
    let mut relevant: Vec<Outcome> =
        outcomes?.into_iter().filter(|outcome| *outcome != Outcome::Ignored).collect();
    assert_eq!(relevant.len(), 1, "one policy applies");
    Ok(relevant.remove(0))
}

/// Returns an object as the API server stores it: without null, which is the empty text as the value of a map of texts, and
/// with the default type of volumes.
pub(crate) fn stored(object: &Json) -> Json {
    match object {
        Json::Object(fields) => {
            let kept = fields.iter().filter(|(_, value)| !value.is_null());
            let mut fields: Map<String, Json> = kept
                .map(|(key, value)| match (key.as_str(), value) {
                    ("labels" | "annotations" | "nodeSelector", Json::Object(texts)) => {
                        (key.clone(), texts_of(texts))
                    }
                    _ => (key.clone(), stored(value)),
                })
                .collect();
            if let Some(Json::Array(volumes)) = fields.get_mut("volumes") {
                let untyped = |volume: &&mut Map<String, Json>| volume.len() == 1;
                for volume in volumes.iter_mut().filter_map(Json::as_object_mut).filter(untyped) {
                    volume.insert("emptyDir".to_owned(), json!({}));
                }
            }
            // Of all lists that rules read, the server stores only this one as null.
            if let Some(Json::Object(projected)) = fields.get_mut("projected") {
                projected.entry("sources").or_insert(Json::Null);
            }
            fields.into()
        }
        Json::Array(items) => items.iter().map(stored).collect(),
        other => other.clone(),
    }
}

fn texts_of(map: &Map<String, Json>) -> Json {
    let text = |value: &Json| if value.is_null() { "".into() } else { value.clone() };
    map.iter().map(|(key, value)| (key.clone(), text(value))).collect::<Map<_, _>>().into()
}
