//! The examples of every rule.

#[cfg(test)]
mod examples {
    use hallpass_lint::{Context, Finding, FoundBy, Source, lint, rules};

    fn found(text: &str) -> Vec<Finding> {
        let first = text.lines().next().and_then(|line| line.strip_prefix("# "));
        let file = first.filter(|name| name.ends_with(".yaml")).unwrap_or("example.yaml");
        let documents =
            hallpass_reader::read(text.as_bytes()).map(|document| document.expect("a document")).collect();
        let partner_paths = &["Acme/agent/*"];
        lint(&[Source { file, bytes: text.as_bytes(), documents }], &Context { partner_paths })
    }

    #[test]
    fn a_rule_finds_only_its_own_fault_in_its_bad_example_and_nothing_in_the_good_one() {
        for rule in rules().iter().filter(|rule| !matches!(rule.found_by, FoundBy::Program)) {
            let bad = found(rule.bad);
            assert!(!bad.is_empty(), "{}: nothing found in the bad example", rule.id);
            for finding in &bad {
                assert_eq!(finding.rule.id, rule.id, "{}", finding.message);
                assert_eq!(finding.fix.is_some(), rule.has_fix, "{}", rule.id);
            }
            let good = found(rule.good);
            assert!(good.is_empty(), "{}: {} {}", rule.id, good[0].rule.id, good[0].message);
        }
    }
}
