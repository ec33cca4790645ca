use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::Value;

use super::{config, hostile, is_visible};
use crate::output::gitlab::render;
use crate::text::visible;

proptest! {
    #![proptest_config(config())]

    #[test]
    fn every_finding_is_one_issue(findings in hostile::findings()) {
        let text = render(&findings).unwrap();
        prop_assert!(is_visible(&text), "{text:?}");
        let issues: Vec<Value> = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(issues.len(), findings.all().count());
        let fingerprints: BTreeSet<&str> = issues.iter().map(|it| it["fingerprint"].as_str().unwrap()).collect();
        prop_assert_eq!(fingerprints.len(), issues.len());
        for (issue, (subject, finding)) in issues.iter().zip(findings.all()) {
            let description = issue["description"].as_str().unwrap();
            let name = subject.map_or("", |subject| &subject.name);
            let is_named = description.starts_with(&visible(name)) || finding.location.file == *name;
            prop_assert!(is_named && description.contains(&visible(&finding.message)));
            prop_assert!(!description.is_empty() || finding.message.is_empty());
            prop_assert!(issue["location"]["lines"]["begin"].as_u64().unwrap() > 0);
            prop_assert!(!issue["location"]["path"].as_str().unwrap().is_empty());
            let severity = issue["severity"].as_str().unwrap();
            prop_assert!(["info", "minor", "critical"].contains(&severity));
        }
    }
}
