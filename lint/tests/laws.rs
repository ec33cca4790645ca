//! Properties of lint.

#[cfg(test)]
mod laws {
    use hallpass_lint::{Context, Finding, Source, lint};
    use hallpass_samples::{odd_pair, seeded, tree};
    use proptest::prelude::*;
    use proptest::sample::select;
    use serde_json::{Value as Json, json};

    /// Texts for every field: patterns, half patterns, images, paths and typos.
    const TEXTS: &[&str] = &[
        "",
        "^",
        "$",
        "^$",
        "^.*$",
        "^a",
        "a$",
        "^(a$",
        "^a^b$",
        "--level=.*",
        "^--file=.*$",
        "LD_PRELOAD",
        "A=b",
        "^(.*/)?acme/agent$",
        "^r.example/x:1$",
        "r.example/x:1@sha256:0",
        "https://r.example/x",
        "gke://a/*",
        "Acme/agent",
        "acme/agent/*",
        "${X}",
        "é\n\"'# hallpass: allow any-image: x",
        "autogke-disallow-privilege",
        "NET_ADMIN",
        "..",
    ];

    fn text() -> impl Strategy<Value = String> {
        select(TEXTS).prop_map(str::to_owned)
    }

    fn texts() -> impl Strategy<Value = Vec<String>> {
        prop::collection::vec(text(), 0..4)
    }

    fn container() -> impl Strategy<Value = Json> {
        (text(), text(), texts(), texts(), texts(), texts(), any::<bool>()).prop_map(
            |(name, image, args, env, paths, names, flag)| {
                let env: Vec<Json> = env.iter().map(|name| json!({"name": name, "value": name})).collect();
                let mounts: Vec<Json> = paths
                    .iter()
                    .map(|path| json!({"name": name, "mountPath": path, "readOnly": flag, "subPath": path}))
                    .collect();
                json!({
                    "name": name, "image": image, "args": args, "env": env, "volumeMounts": mounts,
                    "command": names, "envFrom": [{"secretRef": {"name": name}}],
                    "securityContext": {"privileged": flag, "capabilities": {"add": names, "drop": names}},
                })
            },
        )
    }

    fn allowlist() -> impl Strategy<Value = Json> {
        let containers = prop::collection::vec(container(), 0..3);
        (text(), texts(), containers, texts(), texts()).prop_map(
            |(name, exemptions, containers, volumes, digests)| {
                let volumes: Vec<Json> =
                    volumes.iter().map(|name| json!({"name": name, "hostPath": {"path": name}})).collect();
                json!({
                    "apiVersion": "auto.gke.io/v1", "kind": "WorkloadAllowlist", "metadata": {"name": name},
                    "exemptions": exemptions,
                    "matchingCriteria": {"hostPID": true, "containers": containers, "volumes": volumes},
                    "containerImageDigests": [{"containerName": name, "imageDigests": digests}],
                })
            },
        )
    }

    fn synchronizer() -> impl Strategy<Value = Json> {
        (text(), texts()).prop_map(|(name, paths)| {
            json!({
                "apiVersion": "auto.gke.io/v1", "kind": "AllowlistSynchronizer", "metadata": {"name": name},
                "spec": {"allowlistPaths": paths},
            })
        })
    }

    /// Lints documents, one per line, and returns the findings.
    fn found(documents: &[Json]) -> Vec<Finding> {
        let text: String = documents.iter().map(|document| format!("---\n{document}\n")).collect();
        let documents = hallpass_reader::read(text.as_bytes()).filter_map(Result::ok).collect();
        let partner_paths = &["Acme/agent/*"];
        let source = Source { file: "a.yaml", bytes: text.as_bytes(), documents };
        let sources = [source];
        let findings = lint(&sources, &Context { partner_paths });
        for finding in &findings {
            let position = finding.position(&sources[0]).expect("a position");
            assert!(position.line as usize <= text.lines().count(), "{position:?}");
        }
        findings
    }

    proptest! {
        #![proptest_config(seeded(64, 0x6c69_6e74))]

        #[test]
        fn any_tree_is_linted(tree in tree()) {
            found(&[tree]);
        }

        #[test]
        fn odd_allowlists_are_linted((_, allowlist) in odd_pair()) {
            found(&[allowlist]);
        }

        #[test]
        fn findings_do_not_depend_on_other_documents(
            one in allowlist(),
            other in prop_oneof![allowlist(), synchronizer()],
        ) {
            // Names are compared between documents.
            prop_assume!(one["metadata"]["name"] != other["metadata"]["name"]);
            let alone: Vec<_> = [&one, &other].iter().map(|document| about(&found(&[(*document).clone()]), 0)).collect();
            for (documents, order) in [([&one, &other], [0, 1]), ([&other, &one], [1, 0])] {
                let findings = found(&documents.map(Clone::clone));
                for (index, alone) in order.iter().zip(&alone) {
                    prop_assert_eq!(&about(&findings, *index), alone);
                }
            }
        }
    }

    /// Returns the findings in a document, except for that about the name of its file, which may be alone in it.
    fn about(findings: &[Finding], document: usize) -> Vec<String> {
        let of_document = findings.iter().filter(|finding| finding.place.document == document);
        of_document
            .filter(|finding| finding.rule.id != "name-unlike-file")
            .map(|finding| format!("{} {} {}", finding.rule.id, finding.place.pointer, finding.message))
            .collect()
    }
}
