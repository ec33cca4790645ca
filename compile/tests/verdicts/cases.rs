//! Every case file.

use std::fs;
use std::path::Path;

use hallpass_compile::Shard;
use hallpass_policy::Profile;
use hallpass_reader::{read, read_settings};
use serde_json::Value as Json;

use crate::support::Cluster;

/// The case that D4 concerns: the API server refuses what hallpass exempts.
pub(crate) const OF_D4: &str = "P1: letters of Unicode by name";

/// A case with its readable documents.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) cluster: Cluster,
    pub(crate) documents: Vec<Json>,
}

/// Returns every case whose texts can be read; the others concern only the reader.
pub(crate) fn all() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../cases");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    files.sort();
    files.iter().flat_map(|file| of_file(file)).collect()
}

fn of_file(file: &Path) -> Vec<Case> {
    let [file] = documents(&fs::read_to_string(file).unwrap()).unwrap().try_into().unwrap();
    file["cases"].as_array().unwrap().iter().filter_map(|case| of_case(&file, case)).collect()
}

fn of_case(file: &Json, case: &Json) -> Option<Case> {
    let text = |json: &Json| json.as_str().unwrap().to_owned();
    let allowlists = match case.get("allowlists").or_else(|| file.get("allowlist")) {
        Some(Json::Array(texts)) => texts.iter().map(text).collect(),
        Some(one) => vec![text(one)],
        None => Vec::new(),
    };
    let allowlists = allowlists.iter().map(|text| documents(text)).collect::<Option<Vec<_>>>()?.concat();
    let profile = match case.get("profile") {
        Some(settings) => profile(settings.as_str().unwrap())?,
        None => Profile::autopilot(),
    };
    let target = case.get("gkeVersion").map(|version| version.as_str().unwrap().parse().unwrap());
    Some(Case {
        name: format!("{}: {}", text(&file["rule"]), text(&case["name"])),
        cluster: Cluster { allowlists, profile, target },
        documents: documents(case["workload"].as_str().unwrap())?,
    })
}

/// Returns the documents of a text as JSON; `None` if it cannot be read.
fn documents(text: &str) -> Option<Vec<Json>> {
    let documents: Result<Vec<_>, _> = read(text.as_bytes()).collect();
    Some(documents.ok()?.iter().map(|document| serde_json::to_value(document.root()).unwrap()).collect())
}

fn profile(text: &str) -> Option<Profile> {
    Profile::read(read_settings(text.as_bytes()).next()?.ok()?.root()).ok()
}

#[test]
fn policies_answer_as_the_cases_do() {
    let (mut asked, mut wrong) = (0, Vec::new());
    for Case { name, cluster, documents } in all() {
        for answer in documents.iter().filter_map(|document| cluster.ask(document, Shard::None)).flatten() {
            asked += 1;
            if !(answer.agrees() || name == OF_D4 && answer.is_refused()) {
                wrong.push(format!("{name}: {answer:#?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {asked} differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(asked > 600, "only {asked} workloads");
}
