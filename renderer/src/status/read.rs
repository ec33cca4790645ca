//! Reads AllowlistSynchronizer objects from a cluster.

use hallpass_document::{Diagnostic, Value};
use hallpass_policy::Manifest;

/// An AllowlistSynchronizer with its status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Synchronizer<'v> {
    /// `metadata.name`
    pub name: &'v str,
    /// JSON pointer to the object from its document's root.
    pub pointer: String,
    /// `metadata.generation`
    pub generation: i64,
    /// `spec.allowlistPaths`
    pub paths: Vec<&'v str>,
    /// `spec.bucketName`
    pub bucket_name: Option<&'v str>,
    /// `spec.projectNumber`
    pub project_number: Option<i64>,
    /// Whether the object has a `status`. It has none before the first sync.
    pub synced: bool,
    /// `status.conditions`
    pub conditions: Vec<Condition<'v>>,
    /// `status.managedAllowlistStatus`
    pub files: Vec<ManagedFile<'v>>,
    /// `status.lastSyncAttempt`, as written.
    pub last_sync_attempt: Option<&'v str>,
}

/// An entry of `status.conditions`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition<'v> {
    /// `type`; `Ready` is the only known one.
    pub kind: &'v str,
    /// `True`, `False` or `Unknown`.
    pub status: &'v str,
    /// `observedGeneration`
    pub observed_generation: Option<i64>,
    /// `message`
    pub message: Option<&'v str>,
    /// JSON pointer to it.
    pub pointer: String,
}

/// An entry of `status.managedAllowlistStatus`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManagedFile<'v> {
    /// `filePath`, as written.
    pub file_path: &'v str,
    /// `Installed`, `Failed` or `Stale`.
    pub phase: &'v str,
    /// `lastSuccessfulSync`
    pub last_successful_sync: Option<&'v str>,
    /// `lastError`
    pub last_error: Option<&'v str>,
    /// JSON pointer to it.
    pub pointer: String,
}

impl<'v> Synchronizer<'v> {
    /// Reads an object, as `kubectl get -o yaml` prints it.
    ///
    /// # Errors
    /// Every missing field and every field of the wrong type, including `metadata.generation`, which only a cluster
    /// sets.
    pub fn read(manifest: &Manifest<'v>) -> Result<Self, Vec<Diagnostic>> {
        let mut faults = Vec::new();
        let root = At { value: Some(manifest.value), pointer: manifest.pointer.clone() };
        let metadata = root.get("metadata");
        let name = metadata.get("name").required(At::string, &mut faults);
        let generation = metadata.get("generation");
        if generation.value.is_none() {
            let message = "`metadata.generation` is missing: the object does not come from a cluster";
            faults.push(fault(&generation.pointer, message.to_owned()));
        }
        let generation = generation.integer(&mut faults);
        let spec = root.get("spec");
        let paths = spec.get("allowlistPaths").items(&mut faults);
        let status = root.get("status");
        let conditions = status.get("conditions").items(&mut faults);
        let files = status.get("managedAllowlistStatus").items(&mut faults);
        let synchronizer = Synchronizer {
            name: name.unwrap_or_default(),
            generation: generation.unwrap_or_default(),
            paths: paths.iter().filter_map(|path| path.required(At::string, &mut faults)).collect(),
            bucket_name: spec.get("bucketName").string(&mut faults),
            project_number: spec.get("projectNumber").integer(&mut faults),
            synced: status.value.is_some(),
            conditions: conditions.into_iter().map(|entry| Condition::read(entry, &mut faults)).collect(),
            files: files.into_iter().map(|entry| ManagedFile::read(entry, &mut faults)).collect(),
            last_sync_attempt: status.get("lastSyncAttempt").string(&mut faults),
            pointer: root.pointer,
        };
        if faults.is_empty() { Ok(synchronizer) } else { Err(faults) }
    }
}

impl<'v> Condition<'v> {
    fn read(entry: At<'v>, faults: &mut Vec<Diagnostic>) -> Self {
        Condition {
            kind: entry.get("type").required(At::string, faults).unwrap_or_default(),
            status: entry.get("status").required(At::string, faults).unwrap_or_default(),
            observed_generation: entry.get("observedGeneration").integer(faults),
            message: entry.get("message").string(faults),
            pointer: entry.pointer,
        }
    }
}

impl<'v> ManagedFile<'v> {
    fn read(entry: At<'v>, faults: &mut Vec<Diagnostic>) -> Self {
        ManagedFile {
            file_path: entry.get("filePath").required(At::string, faults).unwrap_or_default(),
            phase: entry.get("phase").required(At::string, faults).unwrap_or_default(),
            last_successful_sync: entry.get("lastSuccessfulSync").string(faults),
            last_error: entry.get("lastError").string(faults),
            pointer: entry.pointer,
        }
    }
}

/// A value and its pointer. The value is `None` if it is absent or null.
struct At<'v> {
    value: Option<&'v Value<'v>>,
    pointer: String,
}

type Reads<'v, T> = fn(&At<'v>, &mut Vec<Diagnostic>) -> Option<T>;

impl<'v> At<'v> {
    /// Returns a field of a map; absent for everything else.
    fn get(&self, key: &str) -> At<'v> {
        At { value: self.value.and_then(|map| map.get(key)), pointer: format!("{}/{key}", self.pointer) }
    }

    fn required<T>(&self, read: Reads<'v, T>, faults: &mut Vec<Diagnostic>) -> Option<T> {
        if self.value.is_none() {
            faults.push(fault(&self.pointer, format!("{} is missing", self.called())));
        }
        read(self, faults)
    }

    fn string(&self, faults: &mut Vec<Diagnostic>) -> Option<&'v str> {
        let value = self.value?;
        let text = value.as_str();
        if text.is_none() {
            faults.push(self.mistyped(value, "a string"));
        }
        text
    }

    fn integer(&self, faults: &mut Vec<Diagnostic>) -> Option<i64> {
        match self.value? {
            Value::Int(number) => Some(*number),
            other => {
                faults.push(self.mistyped(other, "a whole number"));
                None
            }
        }
    }

    fn items(&self, faults: &mut Vec<Diagnostic>) -> Vec<At<'v>> {
        match self.value {
            None => Vec::new(),
            Some(Value::List(items)) => items
                .iter()
                .enumerate()
                .map(|(index, item)| At {
                    value: Some(item).filter(|item| !item.is_null()),
                    pointer: format!("{}/{index}", self.pointer),
                })
                .collect(),
            Some(other) => {
                faults.push(self.mistyped(other, "a list"));
                Vec::new()
            }
        }
    }

    fn mistyped(&self, found: &Value<'_>, wanted: &str) -> Diagnostic {
        fault(&self.pointer, format!("{} must be {wanted}, not {}", self.called(), found.kind()))
    }

    /// The key of the value, or that of the list that contains it.
    fn called(&self) -> String {
        let mut steps = self.pointer.rsplit('/');
        let last = steps.next().unwrap_or_default();
        if last.bytes().all(|byte| byte.is_ascii_digit()) {
            format!("an item of `{}`", steps.next().unwrap_or_default())
        } else {
            format!("`{last}`")
        }
    }
}

/// No API server stores such an object, so it was created or edited by hand.
fn fault(pointer: &str, message: String) -> Diagnostic {
    let help = "read the object from the cluster: `kubectl get allowlistsynchronizer -o yaml`";
    Diagnostic::new(pointer.to_owned(), message).help(help)
}
