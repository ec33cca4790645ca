//! `generate`, `lint` and `diff` in Node: what they return is what the command line prints.

use serde_json::{Value as Json, json};

use super::browser::{Question, all_cases, answers, package};
use crate::support::hallpass;

/// Returns what the command line prints, and whether it has succeeded.
fn printed(question: &Question, arguments: &[&str]) -> (String, bool) {
    let output = hallpass().args(arguments).current_dir(question.folder.path()).output().unwrap();
    (String::from_utf8(output.stdout).unwrap(), output.status.success())
}

fn report(question: &Question, arguments: &[&str]) -> Json {
    let (text, _) = printed(question, arguments);
    let mut report: Json = serde_json::from_str(&text).unwrap();
    // A path without an object to lint is a mistake on the command line only.
    report["errors"]
        .as_array_mut()
        .unwrap()
        .retain(|error| !error["message"].as_str().unwrap().starts_with("nothing to lint"));
    report
}

/// Returns each case with the allowlist of the one before it, as an older version.
fn pairs(questions: &[Question]) -> Vec<(&Question, Json)> {
    questions
        .iter()
        .zip(questions.iter().skip(1))
        .filter_map(|(before, it)| Some((it, pair(before, it)?)))
        .collect()
}

fn pair(before: &Question, question: &Question) -> Option<Json> {
    let (old, new) = (before.allowlists.first()?, question.allowlists.first()?);
    let old = question.file("old.yaml", old["content"].as_str()?.as_bytes());
    Some(json!({"manifests": question.manifests, "old": [old], "fresh": [new]}))
}

#[test]
fn every_case() {
    let Some(package) = package() else { return };
    let questions = all_cases();
    let asked = pairs(&questions);
    assert!(asked.len() > 100, "only {} cases", asked.len());
    let answers = answers("authors.mjs", &package, asked.iter().map(|(_, asked)| asked.clone()).collect());
    let answers = answers.unwrap();
    assert_eq!(answers.len(), asked.len());
    for ((question, _), answer) in asked.iter().zip(answers) {
        let [generation, lint, diff] = serde_json::from_str::<[Json; 3]>(&answer).unwrap();
        let (yaml, is_written) = printed(question, &["generate", "workload.yaml"]);
        let expected = if is_written { Json::from(yaml) } else { Json::Null };
        assert_eq!(generation["yaml"], expected, "`{}`: {generation:#}", question.name);
        assert_eq!(is_written, generation["errors"] == json!([]), "`{}`", question.name);
        assert_eq!(
            lint,
            report(question, &["lint", "allowlist-0.yaml", "-o", "json"]),
            "`{}`",
            question.name
        );
        let expected = report(question, &["diff", "old.yaml", "allowlist-0.yaml", "-o", "json"]);
        assert_eq!(diff, expected, "`{}`", question.name);
    }
}
