//! Collects findings.

use hallpass_document::{Code, Diagnostic, Value};
use hallpass_reader::Document;
use hallpass_workload::ALLOWLIST_VERSION;

use crate::finding::{Finding, Place};
use crate::fix::{Edit, Fix};
use crate::object::Object;
use crate::rule::{FoundBy, Rule};
use crate::rules;

/// All findings of a run.
#[derive(Debug, Default)]
pub struct Found(Vec<Finding>);

impl Found {
    /// Starts with the findings of another program.
    pub(crate) fn with(others: Vec<Finding>) -> Self {
        Found(others)
    }

    /// Adds an error that was found while a document was read.
    pub(crate) fn reading(&mut self, document: &Document<'_>, place: &Place, fault: Diagnostic) {
        let rule = rules::ALL
            .iter()
            .find(|rule| matches!(rule.found_by, FoundBy::Reading(code) if code == fault.code));
        let rule = rule.copied().unwrap_or(&rules::INVALID_OBJECT);
        let meant = match fault.code {
            Code::ApiVersion if fault.path.ends_with("/apiVersion") => Some(ALLOWLIST_VERSION),
            _ => fault.meant(),
        };
        let fix = meant.and_then(|meant| meant_instead(document, &fault, meant));
        let place = Place { pointer: fault.path, in_key: fault.in_key, ..place.clone() };
        let finding = self.add(rule, place, fault.message);
        finding.help = fault.help;
        finding.fix = fix;
    }

    /// Adds the findings of an object.
    pub(crate) fn extend(&mut self, of_object: Found) {
        self.0.extend(of_object.0);
    }

    /// Adds a finding.
    pub fn add(&mut self, rule: &'static Rule, place: Place, message: String) -> &mut Finding {
        self.0.push_mut(Finding::new(rule, place, message))
    }

    /// Returns the interface through which a rule reports findings in an object.
    pub(crate) fn of<'f>(&'f mut self, rule: &'static Rule, object: &'f Object<'_>) -> Reports<'f> {
        Reports { found: self, rule, place: &object.place }
    }

    pub(crate) fn into_findings(self) -> Vec<Finding> {
        self.0
    }
}

/// Returns the change to the intended key or value, unless the map already has that key.
fn meant_instead(document: &Document<'_>, fault: &Diagnostic, meant: &str) -> Option<Fix> {
    let edit = if fault.in_key {
        let (map, _) = fault.path.rsplit_once('/')?;
        let is_taken =
            matches!(document.get(map)?, Value::Map(fields) if fields.iter().any(|(key, _)| key == meant));
        (!is_taken).then(|| Edit::Rename(fault.path.clone(), meant.to_owned()))?
    } else {
        document.get(&fault.path)?;
        Edit::Set(fault.path.clone(), Value::String(meant.to_owned().into()))
    };
    Some(Fix { title: format!("write `{meant}`"), edits: vec![edit] })
}

/// The findings of a rule in one object.
#[derive(Debug)]
pub struct Reports<'f> {
    found: &'f mut Found,
    rule: &'static Rule,
    place: &'f Place,
}

impl Reports<'_> {
    /// Returns the place of a value, by a pointer from the object.
    #[must_use]
    pub fn place(&self, pointer: &str) -> Place {
        Place { pointer: format!("{}{pointer}", self.place.pointer), ..self.place.clone() }
    }

    /// Adds a finding at a pointer from the object.
    pub fn add(&mut self, pointer: &str, message: impl Into<String>) -> &mut Finding {
        let place = self.place(pointer);
        self.found.add(self.rule, place, message.into())
    }

    /// Returns the change of a text, for a finding at a pointer from the object.
    #[must_use]
    pub fn set(&self, pointer: &str, title: impl Into<String>, text: &str) -> Fix {
        let value = Value::String(text.to_owned().into());
        Fix { title: title.into(), edits: vec![Edit::Set(self.place(pointer).pointer, value)] }
    }

    /// Returns the removal of an item or a field, for a finding at a pointer from the object.
    #[must_use]
    pub fn remove(&self, pointer: &str, title: impl Into<String>) -> Fix {
        Fix { title: title.into(), edits: vec![Edit::Remove(self.place(pointer).pointer)] }
    }
}
