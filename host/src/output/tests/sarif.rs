use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::Value;

use super::read::sarif::{links, path};
use super::{config, hostile, is_visible};
use crate::output::findings::{Finding, Findings, Level, Location, Subject};
use crate::output::sarif::render;
use crate::text::visible;

fn run(findings: &Findings) -> Value {
    let text = render(findings).unwrap();
    assert!(is_visible(&text), "{text:?}");
    let mut log: Value = serde_json::from_str(&text).unwrap();
    log["runs"][0].take()
}

fn located(findings: &Findings) -> Vec<(Option<&Subject>, &Finding)> {
    let all = findings.all();
    all.filter(|(subject, finding)| subject.is_some() || !finding.location.file.is_empty()).collect()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn every_finding_is_one_result_or_notification(findings in hostile::findings()) {
        let run = run(&findings);
        let results = run["results"].as_array().unwrap();
        let notifications = run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap();
        let expected = located(&findings);
        prop_assert_eq!(results.len(), expected.len());
        prop_assert_eq!(results.len() + notifications.len(), findings.all().count() + findings.remarks.len());
        let successful = !findings.problems.iter().any(|problem| problem.level == Level::Error);
        prop_assert_eq!(&run["invocations"][0]["executionSuccessful"], successful);
        let mut fingerprints = BTreeSet::new();
        for (result, (subject, finding)) in results.iter().zip(expected) {
            prop_assert!(fingerprints.insert(result["partialFingerprints"]["hallpass/v1"].as_str().unwrap()));
            // The location says the name of a file.
            let name = subject.map(|subject| &*subject.name).filter(|name| *name != finding.location.file);
            let name = name.unwrap_or_default();
            let (text, links) = links(result["message"]["text"].as_str().unwrap());
            let is_whole = text.replace("]\\(", "](").contains(&visible(&finding.message));
            prop_assert!(is_whole && text.starts_with(&visible(name).replace("](", "]\\(")), "{text}");
            let targets: Vec<String> = (1..=finding.related.len()).map(|id| id.to_string()).collect();
            prop_assert_eq!(links.iter().map(|(_, target)| target.clone()).collect::<Vec<_>>(), targets);
            for ((label, _), (location, _)) in links.iter().zip(&finding.related) {
                prop_assert_eq!(label, &location.shown());
            }
            let rule = &run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().unwrap() as usize];
            prop_assert_eq!(&rule["id"], &result["ruleId"]);
            let physical = &result["locations"][0]["physicalLocation"];
            let artifact = &physical["artifactLocation"];
            let uri = artifact["uri"].as_str().unwrap();
            prop_assert_eq!(path(uri), finding.location.edited().unwrap_or("stdin"));
            let indexed = &run["artifacts"][artifact["index"].as_u64().unwrap() as usize];
            prop_assert_eq!(indexed["location"]["uri"].as_str(), Some(uri));
            prop_assert_eq!(physical["region"]["startLine"].as_u64(), finding.location.edited_line().map(u64::from));
            prop_assert_eq!(result["suppressions"].is_array(), finding.excepted.is_some());
        }
    }
}

#[test]
fn a_file_has_at_most_as_many_results_as_code_scanning_takes() {
    let finding = |level| Finding::new(level, "M7", "").at(Location::line("a", 1), "");
    let mut problems = vec![finding(Level::Note); 25_000];
    problems.push(finding(Level::Error));
    let run = run(&Findings { problems, ..Findings::default() });
    let results = run["results"].as_array().unwrap();
    assert_eq!((results.len(), &results[0]["level"]), (25_000, &Value::from("error")));
    let notification = &run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"];
    assert_eq!(notification, "1 less important result left out: a file can contain 25000");
}

#[test]
fn rules_are_described_once_and_as_the_documentation_does() {
    let finding = |rule: &str| Finding::new(Level::Error, rule, "").at(Location::line("a", 1), "");
    let problems = ["M7", "autogke-no-host-port", "M7", ""].map(finding).to_vec();
    let run = run(&Findings { problems, ..Findings::default() });
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let ids: Vec<_> = rules.iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["M7", "autogke-no-host-port", "hallpass/input"]);
    assert_eq!(rules[0]["shortDescription"]["text"], "Environment");
    assert_eq!(rules[1]["helpUri"], "https://hallpass.dev/docs/semantics.md#c4");
    for rule in rules {
        assert!(!rule["name"].as_str().unwrap().is_empty());
        for key in ["shortDescription", "fullDescription", "help"] {
            let text = rule[key]["text"].as_str().unwrap();
            assert!(!text.is_empty() && (key == "help" || text.len() <= 1024), "{rule}");
        }
        let markdown = rule["help"]["markdown"].as_str().unwrap();
        assert!(!markdown.contains("](#") && !markdown.contains("](../"), "{markdown}");
    }
}
