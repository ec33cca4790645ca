//! `--profile`: the built-in profile by name, or a user's file.

use std::path::{Path, PathBuf};

use hallpass_policy::{Fault, Profile};

use crate::input;
use crate::located::{LineIndex, problem, read_problem};
use crate::report::Problem;

/// The constraints to judge by.
pub(crate) struct Chosen {
    pub(crate) profile: Profile,
    /// What a user's file says, for an engine that reads it itself.
    pub(crate) source: Option<serde_json::Value>,
}

pub(crate) fn load(wanted: &Path) -> Result<Chosen, Vec<Problem>> {
    if wanted == Path::new("autopilot") {
        return Ok(Chosen { profile: Profile::autopilot(), source: None });
    }
    let selected = input::select(&[PathBuf::from(wanted)]);
    if !selected.errors.is_empty() {
        return Err(selected.errors);
    }
    if !selected.barren.is_empty() {
        return Err(selected.barren);
    }
    let [file] = selected.inputs.as_slice() else {
        let name = wanted.display().to_string();
        return Err(vec![Problem::new(&name, "a profile is one file").help("name the file, or `autopilot`")]);
    };
    let bytes = file.read().map_err(|problem| vec![problem])?;
    let lines = LineIndex::new(&bytes);
    let mut documents = hallpass_reader::read(&bytes);
    let document = match documents.next() {
        Some(Ok(document)) => document,
        Some(Err(error)) => return Err(vec![read_problem(file.name(), &error, &lines)]),
        None => {
            return Err(vec![
                Problem::new(file.name(), "the file is empty").help("write a ConstraintProfile into it"),
            ]);
        }
    };
    if documents.next().is_some() {
        return Err(vec![Problem::new(file.name(), "a profile is one document, and the file holds more")]);
    }
    let located = |faults: Vec<Fault>| {
        faults.iter().map(|fault| problem(file.name(), fault, &document, &lines)).collect::<Vec<_>>()
    };
    let profile = Profile::read(document.root()).map_err(located)?;
    let source = serde_json::to_value(document.root())
        .map_err(|error| vec![Problem::new(file.name(), error.to_string())])?;
    Ok(Chosen { profile, source: Some(source) })
}
