//! Collects findings.

use hallpass_document::Diagnostic;

use crate::finding::{Finding, Place};
use crate::object::Object;
use crate::rule::{FoundBy, Rule};
use crate::rules;

/// All findings of a run.
#[derive(Debug)]
pub struct Found(Vec<Finding>);

impl Found {
    /// Begins with the findings of another program.
    pub(crate) fn with(others: Vec<Finding>) -> Self {
        Found(others)
    }

    /// Adds a fault that was found while the document of a place was read.
    pub(crate) fn reading(&mut self, document: &Place, fault: Diagnostic) {
        let rule = rules::ALL
            .iter()
            .find(|rule| matches!(rule.found_by, FoundBy::Reading(code) if code == fault.code));
        let rule = rule.copied().unwrap_or(&rules::INVALID_OBJECT);
        let place = Place { pointer: fault.path, in_key: fault.in_key, ..document.clone() };
        self.add(rule, place, fault.message).help = fault.help;
    }

    /// Adds a finding.
    pub fn add(&mut self, rule: &'static Rule, place: Place, message: String) -> &mut Finding {
        self.0.push_mut(Finding::new(rule, place, message))
    }

    /// Returns what a rule uses to report findings in an object.
    pub(crate) fn of<'f>(&'f mut self, rule: &'static Rule, object: &'f Object<'_>) -> Reports<'f> {
        Reports { found: self, rule, place: &object.place }
    }

    pub(crate) fn sorted(mut self) -> Vec<Finding> {
        self.0.sort_by(|one, other| one.place.cmp(&other.place));
        self.0
    }
}

/// What a rule finds in one object.
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
}
