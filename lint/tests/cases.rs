//! Files in `cases/`. At the end of a line, `# finds RULE[, RULE...]` names the rules that find something on it, and no
//! other line has findings. After a change, `UPDATE_CASES=1` writes the comments; review the diff.

#[cfg(test)]
mod cases {
    use std::path::PathBuf;

    use hallpass_lint::{Context, Source, lint};

    const FINDS: &str = " # finds ";

    /// Returns a file with its comments as they should be.
    fn annotated(text: &str) -> String {
        let documents =
            hallpass_reader::read(text.as_bytes()).map(|document| document.expect("valid")).collect();
        let sources = [Source { file: "-", bytes: text.as_bytes(), documents }];
        let findings = lint(&sources, &Context { partner_paths: &["Acme/agent/*"] });
        let mut rules: Vec<Vec<&str>> = vec![Vec::new(); text.lines().count() + 1];
        for finding in &findings {
            let line = finding.position(&sources[0]).expect("a position").line as usize;
            rules[line].push(finding.rule.id);
        }
        let mut written = String::new();
        for (line, mut rules) in text.lines().zip(rules.into_iter().skip(1)) {
            written.push_str(line.split(FINDS).next().unwrap());
            rules.sort_unstable();
            if !rules.is_empty() {
                written.push_str(&format!("{FINDS}{}", rules.join(", ")));
            }
            written.push('\n');
        }
        written
    }

    #[test]
    fn every_line_has_the_findings_that_it_names() {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            let annotated = annotated(&text);
            if std::env::var_os("UPDATE_CASES").is_some() {
                std::fs::write(&path, &annotated).unwrap();
                continue;
            }
            for (number, (line, expected)) in (1..).zip(text.lines().zip(annotated.lines())) {
                assert_eq!(line, expected, "{}:{number}", path.display());
            }
        }
    }
}
