//! Every case file.

use std::fs;
use std::path::Path;

use hallpass_compile::Shard;
use hallpass_policy::Profile;
use hallpass_reader::{read, read_settings};
use serde_json::Value as Json;

use crate::support::{Cluster, ask};

/// Returns the documents of a text as JSON; `None` if it cannot be read.
fn documents(text: &str) -> Option<Vec<Json>> {
    let documents: Result<Vec<_>, _> = read(text.as_bytes()).collect();
    Some(documents.ok()?.iter().map(|document| serde_json::to_value(document.root()).unwrap()).collect())
}

fn profile(text: &str) -> Option<Profile> {
    let mut documents = read_settings(text.as_bytes());
    Profile::read(documents.next()?.ok()?.root()).ok()
}

#[test]
fn policies_answer_as_the_cases_do() {
    let mut asked = 0;
    let mut wrong = Vec::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../cases");
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "yaml"))
        .collect();
    files.sort();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let [of_rule] = documents(&text).unwrap().try_into().unwrap();
        for case in of_rule["cases"].as_array().unwrap() {
            let allowlists = case.get("allowlists").or_else(|| of_rule.get("allowlist"));
            let allowlists: Vec<&Json> = match allowlists {
                Some(Json::Array(texts)) => texts.iter().collect(),
                Some(text) => vec![text],
                None => Vec::new(),
            };
            let allowlists: Option<Vec<Vec<Json>>> =
                allowlists.iter().map(|text| documents(text.as_str().unwrap())).collect();
            let workloads = documents(case["workload"].as_str().unwrap());
            let profile = match case.get("profile") {
                Some(text) => profile(text.as_str().unwrap()),
                None => Some(Profile::autopilot()),
            };
            let (Some(allowlists), Some(workloads), Some(profile)) = (allowlists, workloads, profile) else {
                continue;
            };
            let target = case.get("gkeVersion").map(|version| version.as_str().unwrap().parse().unwrap());
            let cluster = Cluster { allowlists: allowlists.concat(), profile, target };
            for workload in &workloads {
                for answer in ask(&cluster, workload, Shard::None).into_iter().flatten() {
                    asked += 1;
                    if !answer.agrees() {
                        wrong.push(format!("{}: {}: {answer:#?}", of_rule["rule"], case["name"]));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {asked} differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(asked > 400, "only {asked} workloads");
}
