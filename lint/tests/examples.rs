//! The examples of every rule.

#[cfg(test)]
mod examples {
    use hallpass_lint::{Context, Finding, FoundBy, Level, Source, lint, rules};

    /// Returns the name of an example's file: that in a comment on its first line, or that of its object.
    fn file(text: &str) -> String {
        let first = text.lines().next().and_then(|line| line.strip_prefix("# "));
        let named = first.filter(|name| name.ends_with(".yaml")).map(str::to_owned);
        let name = text
            .lines()
            .find_map(|line| line.strip_prefix("  name: ")?.split(' ').next())
            .unwrap_or("example");
        named.unwrap_or_else(|| format!("{name}.yaml"))
    }

    fn found(text: &str) -> Vec<Finding> {
        let documents =
            hallpass_reader::read(text.as_bytes()).map(|document| document.expect("a document")).collect();
        let partner_paths = &["Acme/agent/*"];
        let source = Source { file: &file(text), bytes: text.as_bytes(), documents };
        lint(&[source], &Context { partner_paths })
    }

    #[test]
    fn a_rule_finds_only_its_own_fault_in_its_bad_example_and_nothing_in_the_good_one() {
        for rule in rules().iter().filter(|rule| !matches!(rule.found_by, FoundBy::Program)) {
            let bad = found(&rule.bad());
            assert!(!bad.is_empty(), "{}: nothing found in the bad example", rule.id);
            for finding in &bad {
                assert_eq!(finding.rule.id, rule.id, "{}", finding.message);
                assert_eq!(finding.fix.is_some(), rule.has_fix(), "{}", rule.id);
                let is_read = matches!(rule.found_by, FoundBy::Reading(_));
                assert!(is_read || finding.help.is_some(), "{}", rule.id);
            }
            let good = found(&rule.good());
            assert!(good.is_empty(), "{}: {} {}", rule.id, good[0].rule.id, good[0].message);
        }
    }

    #[test]
    fn a_comment_suppresses_the_finding_of_every_example() {
        let all: Vec<&str> = rules()
            .iter()
            .filter(|rule| !matches!(rule.found_by, FoundBy::Program | FoundBy::Comment))
            .map(|rule| rule.id)
            .collect();
        for rule in rules().iter().filter(|rule| all.contains(&rule.id)) {
            let bad = rule.bad();
            let documents = hallpass_reader::read(bad.as_bytes()).map(|document| document.expect("valid"));
            let sources =
                [Source { file: &file(&bad), bytes: bad.as_bytes(), documents: documents.collect() }];
            let partner_paths = &["Acme/agent/*"];
            let findings = lint(&sources, &Context { partner_paths });
            let line = findings[0].position(&sources[0]).expect("a position").line as usize;
            let mut lines: Vec<String> = bad.lines().map(str::to_owned).collect();
            lines[line - 1].push_str(&format!(" # hallpass: allow {}: a test", rule.id));
            let text = lines.join("\n");
            let findings = found(&text);
            let at_line = |finding: &&Finding| finding.suppressed.as_deref() == Some("a test");
            assert!(findings.iter().any(|finding| at_line(&finding)), "{}\n{text}", rule.id);
            assert!(findings.iter().all(|finding| finding.rule.id == rule.id), "{}", rule.id);
        }
    }

    #[test]
    fn rules_have_unique_names_and_complete_texts() {
        let mut ids: Vec<&str> = rules().iter().map(|rule| rule.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), rules().len());
        for rule in rules() {
            assert!(!rule.summary.ends_with('.') && rule.rationale.ends_with('.'), "{}", rule.id);
            assert!(
                rule.level != Level::Note || !matches!(rule.found_by, FoundBy::Reading(_)),
                "{}",
                rule.id
            );
        }
    }
}
