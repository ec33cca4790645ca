//! Public allowlists and synchronizers, if a folder with them is next to the repository (`../shared/corpus`): every finding
//! in them is named here, with the reason why it is right.

#[cfg(test)]
mod corpus {
    use std::collections::BTreeMap;
    use std::path::PathBuf;

    use hallpass_lint::{Context, Source, lint};

    const AGENT: &str = "datadog-datadog-daemonset-exemption-v1.0.1.yaml";
    const CSI: &str = "datadog-csi-driver-allowlists-v1.0.1-v1.1.0.yaml";
    const GOOGLE: &str = "google-reference-example.workloadallowlist.yaml";
    const SCANNER: &str = "armo-kubescape-node-agent-1.40.derived.yaml";
    const DEBUGGER: &str = "mirrord-agent.workloadallowlist.yaml";

    /// The findings in a file: the rule, how many, and why they are right.
    const EXPECTED: &[(&str, &str, usize, &str)] = &[
        (AGENT, "any-image", 7, "every image is `^.*$`"),
        (AGENT, "duplicate-entry", 10, "HOST_PROC and HOST_ROOT are twice in five lists"),
        (AGENT, "pattern-in-literal-field", 4, "the documentation of `envFrom` says `exact`"),
        (CSI, "any-image", 2, "the images of v1.0.1 are `^.*$`; those of v1.1.0 are not"),
        (CSI, "pattern-in-literal-field", 2, "as above"),
        (CSI, "unneeded-exemption", 2, "no container of either version may add a capability"),
        (GOOGLE, "ignored-field", 2, "env[].value and pdName are not in the CRD"),
        (GOOGLE, "missing-exemption", 1, "the sample adds a capability without the exemption"),
        (GOOGLE, "mount-without-volume", 2, "the sample's mount and device have other names than its volume"),
        (GOOGLE, "name-unlike-file", 1, "the sample has no file of its own"),
        (GOOGLE, "never-matches", 1, "the sample's volume shows every type at once"),
        (SCANNER, "powerful-host-path", 1, "a container may write to `/var/lib/kubelet`"),
        (DEBUGGER, "any-argument", 1, "`^.*$`"),
        (DEBUGGER, "loader-environment", 1, "`^.*$` includes LD_PRELOAD"),
        (DEBUGGER, "name-without-version", 1, "one allowlist for all versions"),
    ];

    #[test]
    fn only_the_named_findings_are_found_in_public_files() {
        let corpus = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus");
        if !corpus.is_dir() {
            println!("skipped: no corpus of public files was found next to the repository");
            return;
        }
        let mut found: BTreeMap<(String, &str), Vec<String>> = BTreeMap::new();
        for folder in ["allowlists", "synchronizers"] {
            for entry in std::fs::read_dir(corpus.join(folder)).unwrap() {
                let path = entry.unwrap().path();
                let file = path.file_name().unwrap().to_string_lossy().into_owned();
                let bytes = std::fs::read(&path).unwrap();
                let documents =
                    hallpass_reader::read(&bytes).map(|document| document.expect("valid")).collect();
                let sources = [Source { file: &file, bytes: &bytes, documents }];
                let partner_paths =
                    &["Datadog/datadog/*", "Datadog/datadog-csi-driver/*", "Dash0/operator/*"];
                for finding in lint(&sources, &Context { partner_paths }) {
                    let text = format!("{} {}", finding.place.pointer, finding.message);
                    found.entry((file.clone(), finding.rule.id)).or_default().push(text);
                }
            }
        }
        for (file, rule, count, reason) in EXPECTED {
            let all = found.remove(&((*file).to_owned(), *rule)).unwrap_or_default();
            assert_eq!(all.len(), *count, "{file}: {rule} ({reason})\n{}", all.join("\n"));
        }
        assert!(found.is_empty(), "{found:#?}");
    }
}
