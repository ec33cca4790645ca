//! The objects of the API server in memory, and their history.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use k8s_openapi::jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};
use tokio::sync::watch;
use tokio::time::Instant;

use crate::support::network::{Call, status};

/// The kinds with a `status` that only the subresource changes.
const WITH_STATUS: [&str; 1] = ["allowlistsynchronizers"];

/// Where an object is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    plural: String,
    namespace: Option<String>,
    name: String,
}

impl Key {
    pub(super) fn of(call: &Call, name: &str) -> Self {
        Key { plural: call.plural.clone(), namespace: call.namespace.clone(), name: name.to_owned() }
    }
}

/// Why nothing was done.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) code: u16,
    pub(super) reason: &'static str,
    pub(super) message: String,
}

impl Refused {
    pub(super) fn new(code: u16, reason: &'static str, message: String) -> Self {
        Refused { code, reason, message }
    }

    fn not_found(key: &Key) -> Self {
        Refused::new(404, "NotFound", format!("{} \"{}\" not found", key.plural, key.name))
    }

    fn conflict(key: &Key, why: &str) -> Self {
        let message = format!("Operation cannot be fulfilled on {} \"{}\": {why}", key.plural, key.name);
        Refused::new(409, "Conflict", message)
    }
}

/// A patch, by a field manager.
pub(super) enum Patch<'m> {
    /// A merge patch, or a strategic one without lists.
    Merge(&'m str),
    /// A server-side apply without force.
    Apply(&'m str),
}

struct Change {
    version: u64,
    kind: &'static str,
    key: Key,
    object: Value,
}

#[derive(Default)]
struct Contents {
    version: u64,
    /// Changes up to this version are forgotten.
    compacted: u64,
    objects: BTreeMap<Key, Value>,
    history: Vec<Change>,
    /// Who set the fields of a Lease's spec.
    managers: BTreeMap<Key, BTreeMap<String, String>>,
}

/// The objects.
pub(super) struct Store {
    contents: Mutex<Contents>,
    versions: watch::Sender<u64>,
    /// The clock of the tests can be moved, and that of the system cannot.
    started: (Timestamp, Instant),
}

impl Default for Store {
    fn default() -> Self {
        let started = (Timestamp::now(), Instant::now());
        Store { contents: Mutex::default(), versions: watch::Sender::default(), started }
    }
}

impl Store {
    pub(super) fn versions(&self) -> watch::Receiver<u64> {
        self.versions.subscribe()
    }

    pub(super) fn compact(&self) {
        let mut contents = self.lock();
        contents.compacted = contents.version;
        contents.history.clear();
    }

    pub(super) fn get(&self, key: &Key) -> Result<Value, Refused> {
        self.lock().objects.get(key).cloned().ok_or_else(|| Refused::not_found(key))
    }

    pub(super) fn list(&self, call: &Call) -> Value {
        let contents = self.lock();
        let is_listed = |key: &Key| {
            key.plural == call.plural
                && call.namespace.as_ref().is_none_or(|one| key.namespace.as_ref() == Some(one))
        };
        let items: Vec<&Value> =
            contents.objects.iter().filter(|(key, _)| is_listed(key)).map(|(_, object)| object).collect();
        json!({
            "apiVersion": "auto.gke.io/v1",
            "kind": "List",
            "metadata": {"resourceVersion": contents.version.to_string()},
            "items": items,
        })
    }

    /// Returns the changes of a kind since a version, and the version now; `None` if they are forgotten.
    pub(super) fn changes(&self, plural: &str, since: u64) -> Option<(u64, Vec<(&'static str, Value)>)> {
        let contents = self.lock();
        if since < contents.compacted {
            return None;
        }
        let changes =
            contents.history.iter().filter(|change| change.version > since && change.key.plural == plural);
        Some((contents.version, changes.map(|change| (change.kind, change.object.clone())).collect()))
    }

    pub(super) fn create(&self, key: Key, mut object: Value) -> Result<Value, Refused> {
        let mut contents = self.lock();
        if contents.objects.contains_key(&key) {
            let message = format!("{} \"{}\" already exists", key.plural, key.name);
            return Err(Refused::new(409, "AlreadyExists", message));
        }
        if key.name.is_empty() || key.name.chars().any(|c| c.is_uppercase() || c == '_' || c == '/') {
            return Err(Refused::new(
                422,
                "Invalid",
                format!("metadata.name: Invalid value: \"{}\"", key.name),
            ));
        }
        if WITH_STATUS.contains(&&*key.plural) {
            without(&mut object, &["status"]);
        }
        let (started, instant) = self.started;
        let elapsed = SignedDuration::try_from(instant.elapsed()).unwrap_or_default();
        let created = started.saturating_add(elapsed).unwrap_or(started);
        let metadata = &mut object["metadata"];
        metadata["uid"] = format!("uid-{}", contents.version + 1).into();
        metadata["creationTimestamp"] = format!("{created:.0}").into();
        metadata["generation"] = 1.into();
        if let Some(namespace) = &key.namespace {
            metadata["namespace"] = namespace.as_str().into();
        }
        Ok(self.record(&mut contents, "ADDED", key, object))
    }

    pub(super) fn update(&self, key: &Key, object: Value, is_status: bool) -> Result<Value, Refused> {
        self.write(&mut self.lock(), key, object, is_status)
    }

    pub(super) fn patch(
        &self,
        key: &Key,
        patch: Value,
        how: &Patch<'_>,
        is_status: bool,
    ) -> Result<Value, Refused> {
        let mut contents = self.lock();
        let mut object = contents.objects.get(key).cloned().ok_or_else(|| Refused::not_found(key))?;
        let (Patch::Merge(manager) | Patch::Apply(manager)) = how;
        if let Some(fields) = patch["spec"].as_object().filter(|_| key.plural == "leases") {
            let managers = contents.managers.entry(key.clone()).or_default();
            for (field, value) in fields {
                let is_others = managers.get(field).is_some_and(|other| other != manager);
                if matches!(how, Patch::Apply(_)) && is_others && object["spec"].get(field) != Some(value) {
                    return Err(Refused::conflict(
                        key,
                        &format!("conflict with the manager of .spec.{field}"),
                    ));
                }
                match value {
                    Value::Null => managers.remove(field),
                    _ => managers.insert(field.clone(), (*manager).to_owned()),
                };
            }
        }
        merge(&mut object, patch);
        self.write(&mut contents, key, object, is_status)
    }

    pub(super) fn delete(&self, key: &Key, options: &Value) -> Result<Value, Refused> {
        let mut contents = self.lock();
        let mut object = contents.objects.get(key).cloned().ok_or_else(|| Refused::not_found(key))?;
        for field in ["uid", "resourceVersion"] {
            let wanted = &options["preconditions"][field];
            if !wanted.is_null() && *wanted != object["metadata"][field] {
                return Err(Refused::conflict(key, "Precondition failed"));
            }
        }
        if has_finalizers(&object) {
            object["metadata"]["deletionTimestamp"] = format!("{:.0}", Timestamp::now()).into();
            return Ok(self.record(&mut contents, "MODIFIED", key.clone(), object));
        }
        contents.objects.remove(key);
        contents.managers.remove(key);
        self.record(&mut contents, "DELETED", key.clone(), object);
        Ok(status(200, "", ""))
    }

    fn write(
        &self,
        contents: &mut Contents,
        key: &Key,
        mut object: Value,
        is_status: bool,
    ) -> Result<Value, Refused> {
        let old = contents.objects.get(key).cloned().ok_or_else(|| Refused::not_found(key))?;
        for field in ["uid", "resourceVersion"] {
            let wanted = &object["metadata"][field];
            if !wanted.is_null() && *wanted != old["metadata"][field] {
                return Err(Refused::conflict(key, "the object has been modified"));
            }
        }
        if is_status {
            let status = object["status"].take();
            object = old.clone();
            object["status"] = status;
        } else if WITH_STATUS.contains(&&*key.plural) {
            without(&mut object, &["status"]);
            if let Some(status) = old.get("status") {
                object["status"] = status.clone();
            }
        }
        // What the server sets, it keeps.
        for field in
            ["uid", "resourceVersion", "creationTimestamp", "generation", "deletionTimestamp", "namespace"]
        {
            match old["metadata"].get(field) {
                Some(value) => object["metadata"][field] = value.clone(),
                None => without(&mut object["metadata"], &[field]),
            }
        }
        if object == old {
            return Ok(old);
        }
        let content = |object: &Value| {
            let mut content = object.clone();
            without(&mut content, &["metadata"]);
            if WITH_STATUS.contains(&&*key.plural) {
                without(&mut content, &["status"]);
            }
            content
        };
        if content(&object) != content(&old) {
            object["metadata"]["generation"] =
                (old["metadata"]["generation"].as_i64().unwrap_or(0) + 1).into();
        }
        if object["metadata"].get("deletionTimestamp").is_some() && !has_finalizers(&object) {
            contents.objects.remove(key);
            return Ok(self.record(contents, "DELETED", key.clone(), object));
        }
        Ok(self.record(contents, "MODIFIED", key.clone(), object))
    }

    fn record(&self, contents: &mut Contents, kind: &'static str, key: Key, mut object: Value) -> Value {
        contents.version += 1;
        let version = contents.version;
        object["metadata"]["resourceVersion"] = version.to_string().into();
        if kind != "DELETED" {
            contents.objects.insert(key.clone(), object.clone());
        }
        contents.history.push(Change { version, kind, key, object: object.clone() });
        self.versions.send_replace(version);
        object
    }

    fn lock(&self) -> MutexGuard<'_, Contents> {
        self.contents.lock().unwrap()
    }
}

/// An object that says only which version a watch has seen.
pub(super) fn bookmark(plural: &str, version: u64) -> Value {
    let kind = if plural == "workloadallowlists" { "WorkloadAllowlist" } else { "AllowlistSynchronizer" };
    json!({
        "apiVersion": "auto.gke.io/v1", "kind": kind,
        "metadata": {"resourceVersion": version.to_string(), "creationTimestamp": null},
    })
}

fn has_finalizers(object: &Value) -> bool {
    object["metadata"]["finalizers"].as_array().is_some_and(|finalizers| !finalizers.is_empty())
}

fn without(object: &mut Value, fields: &[&str]) {
    if let Some(map) = object.as_object_mut() {
        fields.iter().for_each(|field| {
            map.remove(*field);
        });
    }
}

/// RFC 7386.
fn merge(object: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *object = patch;
        return;
    };
    if !object.is_object() {
        *object = Value::Object(Map::new());
    }
    for (field, value) in patch {
        match value {
            Value::Null => without(object, &[&field]),
            value => merge(&mut object[&field], value),
        }
    }
}
