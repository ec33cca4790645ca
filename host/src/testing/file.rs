//! The format of test files. The schema checks the form, and `check` what a schema cannot express.

mod check;

use std::path::Path;
use std::sync::LazyLock;

use hallpass_document::{Diagnostic, Diagnostics, Value};
use hallpass_policy::Verdict;
use hallpass_report::{Parsed, Wanted, own};
use hallpass_schemas::Schema;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value as Json;

use crate::output::Problem;

static SCHEMA: LazyLock<Schema> =
    LazyLock::new(|| Schema::new(hallpass_schemas::TEST, "test", &[("tests", "test")]));

const WANTED: Wanted = Wanted { called: "a test file", kind: "Test" };

/// An empty field must not select more workloads, compare less, or fall back to the setting of the whole file.
const NULLS_KEPT: [(&str, &str); 1] = [("", "spec")];

/// A valid test file.
pub(crate) struct TestFile<'s> {
    pub(crate) parsed: Parsed<'s>,
    /// The contents.
    pub(crate) bytes: &'s [u8],
    pub(crate) spec: Spec,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Spec {
    /// The policy of every test that does not have its own.
    #[serde(flatten)]
    pub(crate) setup: Setup,
    pub(crate) tests: Vec<Test>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Test {
    pub(crate) name: String,
    pub(crate) workload: Workload,
    #[serde(flatten)]
    pub(crate) setup: Setup,
    /// Absent in a new test, before `--update` writes it.
    pub(crate) expect: Option<Expect>,
}

/// The policy, as far as the file or the test states it.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Setup {
    pub(crate) allowlists: Option<Vec<Allowlist>>,
    pub(crate) gke_version: Option<String>,
    pub(crate) profile: Option<String>,
    pub(crate) strict: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Allowlist {
    Path(String),
    /// The object itself, in the document.
    Inline(IgnoredAny),
}

/// A workload in a file, or in the document if both fields are absent; and which of several to test.
#[derive(Debug, Deserialize)]
pub(crate) struct Workload {
    pub(crate) file: Option<String>,
    pub(crate) chart: Option<Chart>,
    pub(crate) kind: Option<String>,
    pub(crate) namespace: Option<String>,
    pub(crate) name: Option<String>,
}

/// A Helm chart, and the values to render it with.
#[derive(Debug, Deserialize)]
pub(crate) struct Chart {
    pub(crate) path: String,
    #[serde(default)]
    pub(crate) values: Vec<String>,
    #[serde(default)]
    pub(crate) set: Vec<String>,
    /// Values files, of which each makes a variant of the test.
    #[serde(default)]
    pub(crate) matrix: Vec<String>,
}

impl Chart {
    /// The values file of each variant, or one variant without any.
    pub(crate) fn variants(&self) -> impl Iterator<Item = Option<&String>> {
        let alone = self.matrix.is_empty().then_some(None);
        self.matrix.iter().map(Some).chain(alone)
    }
}

/// The expected result. Absent fields are not compared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub(crate) struct Expect {
    pub(crate) verdict: Option<String>,
    pub(crate) allowlist: Option<String>,
    pub(crate) constraints: Option<Vec<Item>>,
    pub(crate) mismatches: Option<Vec<Item>>,
}

impl Expect {
    /// Returns the expected verdict, and the field that states it: an allowlist exempts a workload, and only a denied one
    /// has mismatches.
    pub(crate) fn verdict(&self) -> Option<(&'static str, &str)> {
        match self {
            Expect { verdict: Some(verdict), .. } => Some(("verdict", verdict)),
            Expect { allowlist: Some(_), .. } => Some(("allowlist", Verdict::Exempted.name())),
            Expect { mismatches: Some(_), .. } => Some(("mismatches", Verdict::Denied.name())),
            _ => None,
        }
    }
}

/// An expected violation or mismatch.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub(crate) enum Item {
    /// One or more with this id.
    Id(String),
    /// The one at this path.
    At {
        #[serde(alias = "rule", alias = "constraint")]
        id: String,
        path: String,
    },
}

impl Item {
    pub(crate) fn id(&self) -> &str {
        match self {
            Item::Id(id) | Item::At { id, .. } => id,
        }
    }
}

impl<'s> TestFile<'s> {
    /// Reads a test file. An absent `expect` is an error unless the run is about to write it.
    ///
    /// # Errors
    /// The file is invalid. Returns all problems.
    pub(crate) fn read(name: &'s str, bytes: &'s [u8], update: bool) -> Result<Self, Vec<Problem>> {
        let parsed = own(name, bytes, &WANTED)?;
        let spec = spec(parsed.document.root()).map_err(|errors| located(&errors, &parsed))?;
        let file = TestFile { parsed, bytes, spec };
        match file.checked(update).as_slice() {
            [] => Ok(file),
            errors => Err(located(errors, &file.parsed)),
        }
    }

    /// Returns all errors in a test file, unlocated.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn faults(name: &'s str, bytes: &'s [u8]) -> Result<Vec<Diagnostic>, Vec<Problem>> {
        let parsed = own(name, bytes, &WANTED)?;
        Ok(match spec(parsed.document.root()) {
            Ok(spec) => TestFile { parsed, bytes, spec }.checked(false),
            Err(errors) => errors,
        })
    }

    fn checked(&self, update: bool) -> Vec<Diagnostic> {
        let mut diagnostics = Diagnostics::default();
        self.check(update, &mut diagnostics);
        diagnostics.errors
    }

    /// The name of the file: its path, as given.
    pub(crate) fn name(&self) -> &'s str {
        self.parsed.file
    }

    /// The folder to which paths in the file are relative.
    pub(crate) fn folder(&self) -> &'s Path {
        Path::new(self.parsed.file).parent().unwrap_or(Path::new(""))
    }

    /// Returns a problem at a location in the file.
    pub(crate) fn problem(&self, pointer: &str, message: impl Into<String>, help: &str) -> Problem {
        self.parsed.problem(&Diagnostic::new(pointer.to_owned(), message).help(help))
    }
}

fn located(faults: &[Diagnostic], parsed: &Parsed<'_>) -> Vec<Problem> {
    faults.iter().map(|fault| parsed.problem(fault)).collect()
}

/// Reads the `spec`, if the document conforms to the schema.
fn spec(root: &Value<'_>) -> Result<Spec, Vec<Diagnostic>> {
    // A copy of every workload would take longer than the rest.
    let mut json = hallpass_schemas::outline(root, &NULLS_KEPT, &[("workload", "inline")]);
    omit_empty_expectations(&mut json);
    let mut diagnostics = Diagnostics::default();
    SCHEMA.validate(&json, root, &mut diagnostics);
    if !diagnostics.errors.is_empty() {
        return Err(diagnostics.errors);
    }
    match json.get("spec").map(Spec::deserialize) {
        Some(Ok(spec)) => Ok(spec),
        Some(Err(error)) => {
            Err(vec![Diagnostic::new("/spec".to_owned(), format!("this is not a test: {error}"))])
        }
        None => Err(vec![Diagnostic::new(String::new(), "this is not a test: it has no `spec`")]),
    }
}

/// Removes every `expect` without a value, which `--update` writes like an absent one.
fn omit_empty_expectations(json: &mut Json) {
    let tests = json.pointer_mut("/spec/tests").and_then(Json::as_array_mut);
    for test in tests.into_iter().flatten().filter_map(Json::as_object_mut) {
        test.retain(|field, value| field != "expect" || !value.is_null());
    }
}

/// Returns the JSON pointer to a test.
pub(crate) fn pointer_to(test: usize) -> String {
    format!("/spec/tests/{test}")
}
