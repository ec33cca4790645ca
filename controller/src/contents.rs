//! The contents of an allowlist's file, read by the code that also decides.

use hallpass_compile::is_dns_subdomain;
use hallpass_document::{Diagnostic, Value, push_key, sha256_to_hex};
use hallpass_policy::{AllowlistSet, GkeVersion, Manifest, Role, manifests};
use hallpass_reader::Document;
use serde_json::{Map, Value as Json};
use sha2::{Digest as _, Sha256};

use crate::object::RESERVED;

/// A valid allowlist.
#[derive(Clone, Debug, PartialEq)]
pub struct Contents {
    /// `metadata.name`
    pub name: String,
    /// The SHA-256 digest of the file, in hex digits.
    pub sha256: String,
    /// The object to write. Absent if the allowlist in the file is in force already: then the file need not be read.
    pub body: Option<Body>,
}

/// The contents of a file, without the name.
#[derive(Clone, Debug, PartialEq)]
pub struct Body {
    /// `metadata.labels`
    pub labels: Map<String, Json>,
    /// `metadata.annotations`
    pub annotations: Map<String, Json>,
    /// The fields other than `apiVersion`, `kind`, `metadata` and `status`, as JSON text: a tree would take twenty times the
    /// memory.
    pub fields: String,
}

/// Returns the SHA-256 digest of a file, in hex digits.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    sha256_to_hex(&Sha256::digest(bytes).into())
}

/// The maximum length of a message, in characters.
const LONGEST: usize = 400;

impl Contents {
    /// Reads a file, for a cluster of this version; `None` means that the version is not known.
    ///
    /// # Errors
    /// The file is invalid. The message says what is wrong and where: `invalid contents: 12:5: ...`.
    pub fn read(bytes: &[u8], target: Option<GkeVersion>) -> Result<Self, String> {
        // The message may quote a long text from the file.
        read(bytes, target).map_err(|Fault(fault)| format!("invalid contents: {}", shortened(&fault)))
    }
}

/// Returns the start of a long message. A status holds the messages of many files.
pub(crate) fn shortened(message: &str) -> String {
    let end = message.char_indices().nth(LONGEST).map(|(end, _)| end);
    match end.and_then(|end| message.get(..end)) {
        Some(start) => format!("{start}..."),
        None => message.to_owned(),
    }
}

fn read(bytes: &[u8], target: Option<GkeVersion>) -> Result<Contents, Fault> {
    let mut documents = hallpass_reader::read(bytes);
    let document = documents.next().ok_or("the file is empty")?.map_err(Fault::unlocated)?;
    if let Some(second) = documents.next() {
        let second = second.map_err(Fault::unlocated)?;
        return Err(Fault(format!("{}:1: a second document: write one allowlist per file", second.line())));
    }
    let (found, faults) = manifests(document.root());
    if let Some(fault) = faults.first() {
        return Err(Fault::at(&document, fault));
    }
    let [manifest] = found.as_slice() else {
        return Err(format!("the file contains {} objects: write one allowlist per file", found.len()).into());
    };
    match manifest.role() {
        Ok(Role::Allowlist) if manifest.pointer.is_empty() => {}
        Ok(Role::Allowlist) => return Err("the allowlist is in a list: write it alone".into()),
        Ok(_) => return Err(format!("the file contains a {}, not a WorkloadAllowlist", manifest.kind).into()),
        Err(fault) => return Err(Fault::at(&document, &fault)),
    }
    let load = AllowlistSet::load(&found);
    if let Some(fault) = load.invalid.first().and_then(|(_, faults)| faults.first()) {
        return Err(Fault::at(&document, fault));
    }
    let allowlist = load.set.iter().next().ok_or("the allowlist has no name")?;
    let name = allowlist.name;
    if !is_dns_subdomain(name) || name.len() > 253 {
        let message = format!("`{name}` cannot be the name of an object");
        let fault = Diagnostic::new("/metadata/name".to_owned(), message)
            .help("use lower-case letters, digits, `-` and `.`, at most 253, and begin and end with a letter or digit");
        return Err(Fault::at(&document, &fault));
    }
    if let (Some(minimum), Some(target)) = (allowlist.min_gke_version, target)
        && target < minimum
    {
        let message = format!(
            "the allowlist is for GKE {minimum} and later, but the controller's `--gke-version` is {target}"
        );
        return Err(Fault::at(&document, &Diagnostic::new("/minGKEVersion".to_owned(), message)));
    }
    let body = Body {
        labels: texts(&document, manifest, "labels")?,
        annotations: texts(&document, manifest, "annotations")?,
        fields: fields(manifest.value)?,
    };
    Ok(Contents { name: name.to_owned(), sha256: sha256(bytes), body: Some(body) })
}

/// An error in a file.
struct Fault(String);

impl Fault {
    fn at(document: &Document<'_>, fault: &Diagnostic) -> Self {
        let place = document.locate(&fault.path);
        let help = fault.help.as_deref().map(|help| format!(" ({help})")).unwrap_or_default();
        Fault(format!("{}:{}: {}{help}", place.line, place.column, fault.message))
    }

    /// The message of a syntax error contains its position.
    fn unlocated(fault: Diagnostic) -> Self {
        Fault(fault.to_string())
    }
}

impl<T: Into<String>> From<T> for Fault {
    fn from(message: T) -> Self {
        Fault(message.into())
    }
}

/// Returns the labels or annotations of a file. Keys that mark our own objects are errors.
fn texts(document: &Document<'_>, manifest: &Manifest<'_>, field: &str) -> Result<Map<String, Json>, Fault> {
    let metadata = manifest.value.get("metadata");
    let Some(Value::Map(entries)) = metadata.and_then(|metadata| metadata.get(field)) else {
        return Ok(Map::new());
    };
    let mut texts = Map::new();
    // Reading has refused values that are not strings.
    for (key, value) in entries.iter().filter_map(|(key, value)| Some((key, value.as_str()?))) {
        if key.starts_with(RESERVED) {
            let mut pointer = format!("/metadata/{field}");
            push_key(&mut pointer, key);
            let message = format!("`{key}` is reserved for the controller");
            return Err(Fault::at(document, &Diagnostic::new(pointer, message)));
        }
        texts.insert(key.to_string(), value.into());
    }
    Ok(texts)
}

fn fields(value: &Value<'_>) -> Result<String, Fault> {
    let Value::Map(entries) = value else { return Err("the file contains no object".into()) };
    let is_other = |key: &str| !["apiVersion", "kind", "metadata", "status"].contains(&key);
    let fields = entries.iter().filter(|(key, _)| is_other(key)).cloned().collect();
    serde_json::to_string(&Value::Map(fields)).map_err(|error| error.to_string().into())
}
