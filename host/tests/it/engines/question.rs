//! The requests that are sent to every engine.

use hallpass_document::Value;
use hallpass_policy::{AllowlistSet, Manifest, Options, Profile, Role, judge, manifests};
use hallpass_reader::{Document, Documents, read, read_settings};
use hallpass_report::read_workloads;
use hallpass_samples::{add_to_workload, exempted, near};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use serde_json::{Value as Json, json};

use crate::cases;
use crate::cases::file::Case;
use crate::support::repository;

/// A load and a document, with the result of the native engine.
pub(crate) struct Question {
    pub(crate) name: String,
    pub(crate) load: Json,
    pub(crate) document: String,
    pub(crate) answer: Answer,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// A result, as JSON.
    Judged(String),
    /// The load or the document is invalid.
    Refused,
}

impl Question {
    pub(crate) fn new(name: &str, load: Json, document: String) -> Self {
        let answer = native(&load.to_string(), document.as_bytes());
        Question { name: name.to_owned(), load, document, answer }
    }
}

/// A request for each document of each readable case; unreadable texts concern only the reader.
pub(crate) fn of_all_cases() -> Vec<Question> {
    let (files, _) = cases::rules::read_all(&repository().join("cases"));
    let questions: Vec<Question> = files.iter().flat_map(|file| &file.cases).flat_map(of_case).collect();
    assert!(questions.len() > 400, "only {} questions", questions.len());
    questions
}

/// The number of random workloads where each needs a process or a policy server.
const SAMPLES: usize = 200;

/// A workload that is exempted or nearly so, and a load with its allowlist and another one.
pub(crate) fn sample() -> impl Strategy<Value = (Json, Json)> {
    let strategy = (
        exempted(),
        exempted(),
        prop::collection::vec((add_to_workload(), any::<Index>()), 0..2),
        select(vec!["", "acme-agent", "other", "missing"]),
        select(vec![None, Some("1.33.0-gke.1"), Some("1.35.0-gke.1")]),
        any::<(bool, bool, u64)>(),
    );
    strategy.prop_map(|(exempted, other, changes, labelled, version, (strict, forbids, seed))| {
        let (allowlists, workload) = near(exempted, other, &changes, labelled, forbids, seed);
        let load = json!({"allowlists": allowlists, "gkeVersion": version, "strict": strict});
        (load, workload)
    })
}

/// Samples, the same in every run.
pub(crate) fn of_samples() -> Vec<Question> {
    let config = Config { rng_seed: RngSeed::Fixed(0x6d61_7472), ..Config::default() };
    let mut runner = TestRunner::new(config);
    let strategy = sample();
    let mut question = |number| {
        let (load, workload) = strategy.new_tree(&mut runner).unwrap().current();
        Question::new(&format!("sample {number}"), load, workload.to_string())
    };
    (0..SAMPLES).map(&mut question).collect()
}

fn of_case(case: &Case) -> Vec<Question> {
    let profile = match &case.profile {
        None => Some(Json::Null),
        Some(text) => as_json(read_settings(text.as_bytes())).and_then(|mut documents| documents.pop()),
    };
    let allowlists = case.allowlists().iter().map(|text| as_json(read(text.as_bytes())));
    let allowlists = allowlists.collect::<Option<Vec<_>>>();
    let documents = as_json(read_workloads(case.workload.as_bytes()));
    let (Some(profile), Some(allowlists), Some(documents)) = (profile, allowlists, documents) else {
        return Vec::new();
    };
    let allowlists: Vec<_> = allowlists.into_iter().flatten().collect();
    let load = json!({
        "allowlists": allowlists, "gkeVersion": case.gke_version, "strict": case.strict, "profile": profile,
    });
    documents.iter().map(|document| Question::new(&case.name, load.clone(), document.to_string())).collect()
}

/// Returns the documents of a text as JSON; `None` if it cannot be read.
fn as_json(documents: Documents<'_>) -> Option<Vec<Json>> {
    let documents: Result<Vec<Document<'_>>, _> = documents.collect();
    Some(documents.ok()?.iter().map(|document| serde_json::to_value(document.root()).unwrap()).collect())
}

/// Returns the result of the crate. The load's fields have the right types.
pub(crate) fn native(load: &str, document: &[u8]) -> Answer {
    let load = Value::from_json(load.as_bytes()).unwrap();
    let profile = match load.get("profile") {
        None => Ok(Profile::autopilot()),
        Some(profile) => Profile::read(profile),
    };
    let (Ok(profile), Ok(root)) = (profile, Value::from_json(document)) else { return Answer::Refused };
    let allowlists = match load.get("allowlists") {
        Some(Value::List(allowlists)) => allowlists.as_slice(),
        _ => &[],
    };
    let (found, faults): (Vec<Vec<Manifest<'_>>>, Vec<_>) = allowlists.iter().map(manifests).unzip();
    let found = found.concat();
    let set = AllowlistSet::load(&found);
    let all_are_allowlists = found.iter().all(|manifest| manifest.role() == Ok(Role::Allowlist));
    let unfit = faults.iter().any(|faults| !faults.is_empty());
    if unfit || !all_are_allowlists || !set.invalid.is_empty() || !set.duplicates.is_empty() {
        return Answer::Refused;
    }
    let target = load.get("gkeVersion").map(|version| version.as_str().unwrap().parse().unwrap());
    let strict = load.get("strict") == Some(&Value::Bool(true));
    let options = Options { profile: &profile, target, strict };
    Answer::Judged(serde_json::to_string(&judge(&root, &set.set, &options)).unwrap())
}
