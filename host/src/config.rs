//! The config of `check`: defaults for the command line, and known denials.

mod check;
mod effect;
mod file;
mod settings;

use std::sync::LazyLock;

use hallpass_document::{Diagnostic, Diagnostics};
use hallpass_policy::GkeVersion;
use hallpass_report::{Exception, Parsed, Wanted};
use hallpass_schemas::Schema;
use serde::Deserialize;

pub(crate) use file::{misnamed, path, source};
pub(crate) use settings::Settings;

use crate::output::Problem;
use crate::source::Source;

const WANTED: Wanted = Wanted { called: "a config", kind: "Config" };

/// An empty field of an exception must not select more workloads, or make the exception count forever.
const NULLS_KEPT: [(&str, &str); 1] = [("", "exceptions")];

static SCHEMA: LazyLock<Schema> = LazyLock::new(|| Schema::new(hallpass_schemas::CONFIG, "config", &[]));

/// A valid config, and the file that contains it.
pub(crate) struct Config<'s> {
    parsed: Parsed<'s>,
    written: Written,
    gke_version: Option<GkeVersion>,
    exceptions: Vec<Exception>,
}

/// The fields as written. They conform to the schema.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    #[serde(default)]
    paths: Vec<String>,
    #[serde(default)]
    allowlists: Vec<String>,
    gke_version: Option<String>,
    profile: Option<String>,
    #[serde(default)]
    exceptions: Vec<WrittenException>,
}

#[derive(Debug, Deserialize)]
struct WrittenException {
    workload: WrittenSelector,
    constraints: Vec<String>,
    reason: String,
    expires: Option<String>,
}

#[derive(Debug, Deserialize, PartialEq, Eq)]
struct WrittenSelector {
    kind: Option<String>,
    namespace: Option<String>,
    name: Option<String>,
    image: Option<String>,
}

impl<'s> Config<'s> {
    /// Reads a config. Its consistency is checked only if it conforms to the schema.
    pub(crate) fn read(source: &'s Source) -> Result<Self, Vec<Problem>> {
        let parsed = source.document(&WANTED)?;
        let root = parsed.document.root();
        let mut diagnostics = Diagnostics::default();
        let json = hallpass_schemas::json(root, &NULLS_KEPT);
        SCHEMA.validate(&json, root, &mut diagnostics);
        let located = |errors: Vec<Diagnostic>| errors.iter().map(|error| parsed.problem(error)).collect();
        if !diagnostics.errors.is_empty() {
            return Err(located(diagnostics.errors));
        }
        let written: Written = serde_json::from_value(json).map_err(|error| {
            located(vec![Diagnostic::new(String::new(), format!("this is not a config: {error}"))])
        })?;
        let gke_version = check::gke_version(&written, &mut diagnostics);
        check::paths(&written, &mut diagnostics);
        let line = |index: usize| parsed.document.locate(&format!("/exceptions/{index}")).line;
        let exceptions = check::exceptions(&written, parsed.file, line, &mut diagnostics);
        if !diagnostics.errors.is_empty() {
            return Err(located(diagnostics.errors));
        }
        Ok(Config { parsed, written, gke_version, exceptions })
    }

    /// The name of the file.
    pub(crate) fn name(&self) -> &str {
        self.parsed.file
    }

    fn problem(&self, pointer: String, message: String, help: impl Into<String>) -> Problem {
        self.parsed.problem(&Diagnostic::new(pointer, message).help(help))
    }
}
