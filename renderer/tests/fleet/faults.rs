//! Every fault of a fleet, with its exact text: `faults/*.yaml` change `faults/base.yaml` and list the expected faults.
//!
//! `UPDATE_FAULTS=1 cargo test --package hallpass-renderer faults` prints the actual faults, ready to be copied.

use std::collections::BTreeMap;
use std::fs;

use hallpass_document::Diagnostic;
use hallpass_renderer::Fleet;
use serde::Deserialize;
use serde_json::Value as Json;

use crate::support::data;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    /// A description of the case.
    pub(crate) case: String,
    /// JSON pointers and the values to set there; a last segment of `-` appends to a list.
    #[serde(default)]
    set: BTreeMap<String, Json>,
    #[serde(default)]
    remove: Vec<String>,
    /// `error POINTER: MESSAGE (HELP)`, or `warning`; `error key POINTER` if the key is wrong.
    pub(crate) expect: Vec<String>,
}

pub(crate) fn base() -> Json {
    serde_yaml::from_str(&fs::read_to_string(data().join("faults/base.yaml")).unwrap()).unwrap()
}

fn found(fleet: &Json) -> Vec<String> {
    let bytes = serde_json::to_vec(fleet).unwrap();
    let document = hallpass_reader::read(&bytes).next().unwrap().unwrap();
    let (level, faults) = match Fleet::read(document.root()) {
        Ok(read) => ("warning", read.warnings),
        Err(errors) => ("error", errors),
    };
    for fault in &faults {
        let location = document.locate(&fault.path);
        assert!(location.exact || fault.message.contains(" has no `"), "no such place: {fault}");
    }
    faults.iter().map(|fault| line(level, fault)).collect()
}

fn line(level: &str, fault: &Diagnostic) -> String {
    assert!(fault.help.is_some(), "no help: {fault}");
    assert!(fault.message.chars().next().is_some_and(|c| !c.is_uppercase()), "{fault}");
    format!("{level}{} {fault}", if fault.in_key { " key" } else { "" })
}

pub(crate) fn change(fleet: &mut Json, case: &Case) {
    for (pointer, value) in &case.set {
        let (holder, key) = pointer.rsplit_once('/').unwrap_or_else(|| panic!("{}: {pointer}", case.case));
        match fleet.pointer_mut(holder).unwrap_or_else(|| panic!("{}: no {holder}", case.case)) {
            Json::Array(items) if key == "-" => items.push(value.clone()),
            Json::Array(items) => items[key.parse::<usize>().unwrap()] = value.clone(),
            Json::Object(fields) => {
                fields.insert(key.replace("~1", "/"), value.clone());
            }
            other => *other = value.clone(),
        }
    }
    for pointer in &case.remove {
        let (holder, key) = pointer.rsplit_once('/').unwrap();
        match fleet.pointer_mut(holder).unwrap() {
            Json::Array(items) => drop(items.remove(key.parse::<usize>().unwrap())),
            Json::Object(fields) => assert!(fields.remove(key).is_some(), "{}: no {pointer}", case.case),
            _ => panic!("{}: {pointer}", case.case),
        }
    }
}

#[test]
fn the_base_has_no_fault() {
    assert_eq!(found(&base()), [] as [String; 0]);
}

#[test]
fn every_fault_says_what_it_should() {
    let mut seen = 0;
    let mut wrong = Vec::new();
    let mut files: Vec<_> =
        fs::read_dir(data().join("faults")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files.iter().filter(|file| !file.ends_with("base.yaml")) {
        let cases: Vec<Case> = serde_yaml::from_str(&fs::read_to_string(file).unwrap())
            .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        for case in &cases {
            let mut fleet = base();
            change(&mut fleet, case);
            let found = found(&fleet);
            seen += 1;
            if found != case.expect {
                if std::env::var_os("UPDATE_FAULTS").is_some() {
                    println!("# {}\n{}", case.case, serde_yaml::to_string(&found).unwrap());
                }
                wrong.push(format!("{}:\n  found  {found:#?}\n  expect {:#?}", case.case, case.expect));
            }
        }
    }
    assert!(seen > 0, "no cases");
    assert!(wrong.is_empty(), "{} of {seen} cases\n{}", wrong.len(), wrong.join("\n"));
}
