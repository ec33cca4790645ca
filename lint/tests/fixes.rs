//! Fixes of files.

#[cfg(test)]
mod fixes {
    use hallpass_lint::{Context, Finding, FoundBy, Source, fixed, lint, rules};

    fn source<'s>(file: &'s str, text: &'s str) -> Source<'s> {
        let documents = hallpass_reader::read(text.as_bytes()).map(Result::unwrap).collect();
        Source { file, bytes: text.as_bytes(), documents }
    }

    fn found(source: &Source<'_>) -> Vec<Finding> {
        lint(std::slice::from_ref(source), &Context { partner_paths: &["Acme/agent/*"] })
    }

    /// Applies every fix of a text at once.
    fn fix(text: &str) -> String {
        let first = text.lines().next().and_then(|line| line.strip_prefix("# "));
        let file = first.filter(|name| name.ends_with(".yaml")).unwrap_or("example.yaml");
        let source = source(file, text);
        let findings = found(&source);
        let fixable: Vec<&Finding> = findings.iter().filter(|finding| finding.fix.is_some()).collect();
        fixed(&source, &fixable).unwrap_or_else(|refusal| panic!("{}\n{text}", refusal.reason))
    }

    #[test]
    fn the_fix_of_a_bad_example_is_the_good_one_with_every_layout() {
        for rule in rules().iter().filter(|rule| rule.has_fix() && !matches!(rule.found_by, FoundBy::Program))
        {
            assert_eq!(fix(rule.bad), rule.good, "{}", rule.id);
            let (windows, good) = (rule.bad.replace('\n', "\r\n"), rule.good.replace('\n', "\r\n"));
            assert_eq!(fix(&windows), good, "{}", rule.id);
            let around = |text: &str| format!("{text}---\nkind: Pod\napiVersion: v1\n# the end\n");
            assert_eq!(fix(&around(rule.bad)), around(rule.good), "{}", rule.id);
        }
    }

    #[test]
    fn a_file_without_findings_keeps_every_byte() {
        for rule in rules().iter().filter(|rule| !matches!(rule.found_by, FoundBy::Program)) {
            assert_eq!(fix(rule.good), rule.good, "{}", rule.id);
        }
    }

    #[test]
    fn a_shared_value_is_refused() {
        let text = "apiVersion: auto.gke.io/v1\nkind: WorkloadAllowlist\nmetadata: {name: acme-agent-v1}\n\
                    exemptions: [autogke-disallow-hostnamespaces]\nmatchingCriteria:\n  hostPID: true\n  containers:\n  \
                    - {name: one, image: &image 'r.example/a:1'}\n  - {name: two, image: *image}\n";
        let source = source("example.yaml", text);
        let findings = found(&source);
        let fixable: Vec<&Finding> = findings.iter().filter(|finding| finding.fix.is_some()).collect();
        assert_eq!(fixable.len(), 2);
        assert!(fixable.iter().all(|finding| fixed(&source, &[finding]).is_err()));
    }
}
