//! Fixes of files.

#[cfg(test)]
mod fixes {
    use hallpass_author::difference::{Work, grants};
    use hallpass_document::Value;
    use hallpass_policy::{AllowlistSet, manifests};
    use hallpass_samples::{odd_pair, seeded};
    use proptest::prelude::*;
    use proptest::sample::select;

    use hallpass_lint::{Context, Finding, FoundBy, Source, fixed, lint, rules};

    fn source<'s>(file: &'s str, text: &'s str) -> Source<'s> {
        let documents = hallpass_reader::read(text.as_bytes()).map(Result::unwrap).collect();
        Source { file, bytes: text.as_bytes(), documents }
    }

    fn found(source: &Source<'_>) -> Vec<Finding> {
        lint(std::slice::from_ref(source), &Context { partner_paths: &["Acme/agent/*"] })
    }

    /// Applies the fixes that permit no more, as `--fix` does, with those that are possible.
    fn fix_safely(text: &str) -> String {
        let source = source("example.yaml", text);
        let findings = found(&source);
        let mut applied: Vec<&Finding> = Vec::new();
        let mut after = text.to_owned();
        for finding in &findings {
            if finding.fix.is_none() || finding.may_permit_more() || finding.suppressed.is_some() {
                continue;
            }
            applied.push(finding);
            match fixed(&source, &applied) {
                Ok(text) => after = text,
                Err(_) => drop(applied.pop()),
            }
        }
        after
    }

    /// Requires that allowlists permit nothing more after a fix, and synchronizers install nothing more.
    fn require_no_more(before: &str, after: &str) {
        let (before_source, after_source) = (source("a", before), source("a", after));
        let [before_roots, after_roots] = [&before_source, &after_source]
            .map(|source| source.documents.iter().flat_map(|it| manifests(it.root()).0).collect::<Vec<_>>());
        let [old, new] = [&before_roots, &after_roots].map(|roots| AllowlistSet::load(roots).set);
        for allowlist in new.iter() {
            let old = old.iter().find(|old| old.name == allowlist.name);
            let Some(old) = old else { panic!("{} was invalid:\n{before}\n{after}", allowlist.name) };
            assert_eq!(grants(allowlist, old, &mut Work::default()), [], "{before}\n{after}");
        }
        let paths = |source: &Source<'_>| -> Vec<String> {
            let lists = source.documents.iter().filter_map(|it| match it.get("/spec/allowlistPaths") {
                Some(Value::List(paths)) => Some(paths.clone()),
                _ => None,
            });
            lists.flatten().filter_map(|path| path.as_str().map(str::to_owned)).collect()
        };
        let known = paths(&before_source);
        assert!(paths(&after_source).iter().all(|path| known.contains(path)), "{before}\n{after}");
    }

    /// Requires that no finding is suppressed that was not suppressed before. Findings that compare entries may be new.
    fn require_no_more_suppressed(before: &str, after: &str) {
        let suppressed = |text: &str| -> Vec<String> {
            let findings = found(&source("example.yaml", text)).into_iter();
            let suppressed = findings.filter(|finding| finding.suppressed.is_some());
            suppressed.map(|finding| format!("{} {}", finding.rule.id, finding.message)).collect()
        };
        let mut known = suppressed(before);
        for text in suppressed(after) {
            let at = known.iter().position(|other| *other == text);
            let Some(at) = at else { panic!("{text} is suppressed now:\n{before}\n{after}") };
            known.remove(at);
        }
    }

    #[test]
    fn the_fix_of_no_bad_example_permits_more() {
        for rule in rules().iter().filter(|rule| !matches!(rule.found_by, FoundBy::Program)) {
            require_no_more(&rule.bad(), &fix_safely(&rule.bad()));
        }
    }

    /// An entry of a list, with the comments above it and at its end.
    fn entry() -> impl Strategy<Value = (&'static str, &'static str, &'static str)> {
        let name = select(vec![
            "LD_AUDIT",
            "LD_PRELOAD",
            "ACME_A",
            "^(LD_AUDIT|ACME_.*)$",
            "^LD_.*$",
            "^ACME_[A-Z]+$",
        ]);
        let above = select(vec!["", "", "", "# hallpass: allow loader-environment: above", "# why"]);
        let end = select(vec!["", "", " # hallpass: allow loader-environment: end", " # why"]);
        (above, name, end)
    }

    /// An allowlist with the entries as a block, or in brackets over several lines.
    fn allowlist(entries: &[(&str, &str, &str)], in_brackets: bool, has_value: bool) -> String {
        let mut text = format!("{HEAD}    env:{}\n", if in_brackets { " [" } else { "" });
        for (above, name, end) in entries {
            if !above.is_empty() {
                text.push_str(&format!("    {above}\n"));
            }
            match (in_brackets, has_value) {
                (true, _) => text.push_str(&format!("      {{name: '{name}'}},{end}\n")),
                (false, true) => text.push_str(&format!("    - value: a\n      name: {name}{end}\n")),
                (false, false) => text.push_str(&format!("    - name: {name}{end}\n")),
            }
        }
        if in_brackets {
            text.push_str("    ]\n");
        }
        text
    }

    const HEAD: &str = "apiVersion: auto.gke.io/v1\nkind: WorkloadAllowlist\nmetadata:\n  name: acme-agent-v1\nexemptions:\n\
                        - autogke-disallow-hostnamespaces\nmatchingCriteria:\n  hostPID: true\n  containers:\n  - name: agent\n    \
                        image: registry.example/acme/agent\n";

    proptest! {
        #![proptest_config(seeded(128, 0x6669_7865))]

        #[test]
        fn a_fix_permits_and_suppresses_no_more(
            entries in prop::collection::vec(entry(), 1..6),
            in_brackets: bool,
            has_value: bool,
        ) {
            let before = allowlist(&entries, in_brackets, has_value);
            let after = fix_safely(&before);
            require_no_more(&before, &after);
            require_no_more_suppressed(&before, &after);
        }

        #[test]
        fn a_fix_of_an_odd_allowlist_permits_no_more((_, allowlist) in odd_pair()) {
            let before = format!("{allowlist}\n");
            require_no_more(&before, &fix_safely(&before));
        }
    }

    #[test]
    fn a_comment_that_suppresses_findings_goes_with_its_entry() {
        let entries = [
            ("", "^(LD_AUDIT|ACME_.*)$", " # hallpass: allow loader-environment: a profiler"),
            ("", "LD_AUDIT", " # hallpass: allow loader-environment: the profiler of the agent"),
            ("", "LD_PRELOAD", ""),
        ];
        let before = allowlist(&entries, false, false);
        assert_eq!(fix_safely(&before), allowlist(&[entries[0], entries[2]], false, false));
        let commented = [entries[0], ("", "LD_AUDIT", " # the profiler of the agent"), entries[2]];
        let before = allowlist(&commented, false, false);
        assert_eq!(fix_safely(&before), before);
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
        let around = |text: &str| format!("{text}---\nkind: Pod\napiVersion: v1\n# the end\n");
        for rule in rules().iter().filter(|rule| rule.has_fix() && !matches!(rule.found_by, FoundBy::Program))
        {
            let (bad, good) = (rule.bad(), rule.good());
            assert_eq!(fix(&bad), good, "{}", rule.id);
            assert_eq!(fix(&around(&bad)), around(&good), "{}", rule.id);
            let (windows, good) = (bad.replace('\n', "\r\n"), good.replace('\n', "\r\n"));
            assert_eq!(fix(&windows), good, "{}", rule.id);
        }
    }

    #[test]
    fn a_file_without_findings_keeps_every_byte() {
        for rule in rules().iter().filter(|rule| !matches!(rule.found_by, FoundBy::Program)) {
            assert_eq!(fix(&rule.good()), rule.good(), "{}", rule.id);
        }
    }

    const LISTS: &str = "apiVersion: auto.gke.io/v1\nkind: WorkloadAllowlist\nmetadata: {name: acme-agent-v1}\n\
                        exemptions: [autogke-disallow-hostnamespaces]\nmatchingCriteria:\n  hostPID: true\n  containers:\n";

    #[test]
    fn a_shared_value_has_no_fix_and_one_finding_for_each_place() {
        for (containers, lines) in [
            ("  - {name: one, image: &image 'r.example/a:1'}\n  - {name: two, image: *image}\n", vec![8, 9]),
            (
                "  - {name: one, image: r.example/a, args: &args [^a, ^a]}\n  - {name: two, image: r.example/a, args: *args}\n",
                vec![8, 8, 8, 9, 9],
            ),
        ] {
            let text = format!("{LISTS}{containers}");
            let source = source("acme-agent-v1.yaml", &text);
            let findings = found(&source);
            let sources = [source];
            let found: Vec<u32> =
                findings.iter().filter_map(|it| Some(it.position(&sources[0])?.line)).collect();
            assert_eq!(found, lines, "{findings:#?}");
            assert!(findings.iter().all(|finding| finding.fix.is_none()), "{findings:#?}");
        }
    }

    #[test]
    fn a_file_is_left_alone_if_a_document_cannot_be_read() {
        let good = format!("{LISTS}  - {{name: one, image: 'r.example/a:1'}}\n");
        for (other, is_fixed) in [("a: [\n", false), ("kind: Pod\nkind: Pod\n", true)] {
            let text = format!("{good}---\n{other}");
            let documents = hallpass_reader::read(text.as_bytes()).filter_map(Result::ok).collect();
            let source = Source { file: "acme-agent-v1.yaml", bytes: text.as_bytes(), documents };
            let findings = found(&source);
            let fixable: Vec<&Finding> = findings.iter().filter(|finding| finding.fix.is_some()).collect();
            assert_eq!((fixable.len(), fixed(&source, &fixable).is_ok()), (1, is_fixed), "{text}");
        }
    }
}
