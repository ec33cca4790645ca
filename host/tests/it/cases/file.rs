//! The format of case files. Unknown keys are rejected: a typo must not disable a check.

use hallpass_document::Value;
use serde::Deserialize;

/// `cases/<RULE>.yaml`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    pub(crate) rule: String,
    /// The allowlist for every case without its own.
    allowlist: Option<String>,
    pub(crate) cases: Vec<Case>,
}

/// A workload, the policy to evaluate it with, and the expected result.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Case {
    pub(crate) name: String,
    /// The text of the manifest, in YAML or JSON.
    pub(crate) workload: String,
    /// The characters of `workload` are bytes: the only way to write invalid UTF-8.
    #[serde(default)]
    pub(crate) latin1: bool,
    allowlists: Option<Vec<String>>,
    pub(crate) gke_version: Option<String>,
    #[serde(default)]
    pub(crate) strict: bool,
    /// The text of a constraint profile; by default, `autopilot`.
    pub(crate) profile: Option<String>,
    pub(crate) expect: Expect,
}

impl Case {
    /// The texts of the installed allowlists.
    pub(crate) fn allowlists(&self) -> &[String] {
        self.allowlists.as_deref().unwrap_or_default()
    }
}

/// The expected result of a case. Absent fields are not checked, with two exceptions: an unexpected error or warning is
/// always a failure.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Expect {
    /// `admitted`, `exempted` or `denied`; `error` when the workload cannot be evaluated.
    pub(crate) verdict: Option<String>,
    /// The same for each of several workloads in one text.
    pub(crate) verdicts: Option<Vec<String>>,
    /// The number of objects that are not workloads.
    pub(crate) skipped: Option<usize>,
    /// The allowlist that exempts.
    pub(crate) allowlist: Option<String>,
    pub(crate) no_connect: Option<bool>,
    /// The ids of all violated constraints, in order.
    pub(crate) violations: Option<Vec<String>>,
    /// The messages of all violations, in order.
    pub(crate) messages: Option<Vec<String>>,
    /// The rules of all mismatches, in order.
    pub(crate) rules: Option<Vec<String>>,
    /// Some of the violations and mismatches.
    #[serde(default)]
    pub(crate) at: Vec<At>,
    /// The rules of all assumptions, in order.
    pub(crate) assumptions: Option<Vec<String>>,
    pub(crate) not_evaluated: Option<Vec<String>>,
    /// The only error.
    error: Option<Problem>,
    /// Every error, in order.
    #[serde(default)]
    errors: Vec<Problem>,
    /// Every warning, in order.
    #[serde(default)]
    pub(crate) warnings: Vec<Problem>,
}

impl Expect {
    pub(crate) fn errors(&self) -> impl Iterator<Item = &Problem> {
        self.error.iter().chain(&self.errors)
    }
}

/// A violation or a mismatch, as far as the case describes it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct At {
    pub(crate) constraint: Option<String>,
    pub(crate) rule: Option<String>,
    /// The allowlist of a mismatch.
    pub(crate) allowlist: Option<String>,
    pub(crate) considered: Option<bool>,
    pub(crate) path: Option<String>,
    pub(crate) line: Option<u32>,
    pub(crate) column: Option<u32>,
    /// The anchor through which the value is used.
    pub(crate) anchor: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) help: Option<String>,
    /// The value in the workload.
    pub(crate) workload: Option<String>,
    /// The value in the allowlist.
    pub(crate) expected: Option<String>,
    /// The location in the allowlist's text.
    pub(crate) in_allowlist: Option<Place>,
}

/// An error or a warning, as far as the case describes it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Problem {
    pub(crate) message: Option<String>,
    pub(crate) help: Option<String>,
    pub(crate) path: Option<String>,
    pub(crate) line: Option<u32>,
    pub(crate) column: Option<u32>,
}

/// A location in an allowlist.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Place {
    pub(crate) path: Option<String>,
    pub(crate) line: Option<u32>,
    pub(crate) column: Option<u32>,
}

/// Reads a case file with the reader under test, so that errors in a case are reported like those in a manifest.
pub(crate) fn read(bytes: &[u8]) -> Result<File, String> {
    let mut documents = hallpass_reader::read(bytes);
    let document = documents.next().ok_or("the file is empty")?.map_err(|error| error.to_string())?;
    if documents.next().is_some() {
        return Err("a file of cases is one document".to_owned());
    }
    let mut file: File = serde_json::from_value(json(document.root())).map_err(|error| error.to_string())?;
    if let Some(allowlist) = file.allowlist.take() {
        for case in &mut file.cases {
            case.allowlists.get_or_insert_with(|| vec![allowlist.clone()]);
        }
    }
    Ok(file)
}

fn json(value: &Value<'_>) -> serde_json::Value {
    match value {
        Value::Null => serde_json::Value::Null,
        Value::Bool(flag) => (*flag).into(),
        Value::Int(number) => (*number).into(),
        Value::OtherNumber(_) => 0.5.into(),
        Value::String(text) => text.as_ref().into(),
        Value::List(items) => items.iter().map(json).collect(),
        Value::Map(fields) => fields.iter().map(|(key, value)| (key.to_string(), json(value))).collect(),
    }
}
