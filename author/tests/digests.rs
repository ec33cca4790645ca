//! The digests that are written into allowlists.

#[cfg(test)]
mod digests {
    use std::collections::BTreeSet;

    use hallpass_author::Unedited;
    use hallpass_author::digests::{ByContainer, Changed, Digest, Old, named, owners, write};
    use hallpass_document::{sha256_from_hex, sha256_to_hex};
    use hallpass_policy::{AllowlistSet, manifests};
    use hallpass_reader::Document;
    use hallpass_samples::seeded;
    use proptest::prelude::*;

    /// A digest of which every byte is the same.
    fn of(byte: u8) -> Digest {
        [byte; 32]
    }

    fn hex(byte: u8) -> String {
        sha256_to_hex(&of(byte))
    }

    fn wanted(container: &str, bytes: &[u8]) -> ByContainer {
        ByContainer::from([(container.to_owned(), bytes.iter().map(|byte| of(*byte)).collect())])
    }

    fn documents(text: &str) -> Vec<Document<'_>> {
        hallpass_reader::read(text.as_bytes()).map(Result::unwrap).collect()
    }

    fn written(text: &str, digests: &ByContainer, old: Old) -> Result<(String, Vec<Changed>), Unedited> {
        let documents = documents(text);
        let documents: Vec<&Document<'_>> = documents.iter().collect();
        write(text.as_bytes(), &documents, (0, ""), digests, old)
    }

    /// Returns the digests in a text, in its order.
    fn listed(text: &str) -> Vec<u8> {
        let words = text.split(|c: char| !c.is_ascii_alphanumeric());
        words
            .filter(|word| word.len() == 64)
            .map(|hex| sha256_from_hex(&hex.to_lowercase()).unwrap()[0])
            .collect()
    }

    fn allowlist(digests: &str) -> String {
        format!(
            "apiVersion: auto.gke.io/v1\nkind: WorkloadAllowlist\nmetadata:\n  name: acme-agent-v1 # the first\nexemptions: []\n\
             matchingCriteria:\n  containers:\n  - name: agent\n    image: r.example/agent\n  - name: trace\n    image: r.example/agent\n  \
             - name: proxy\n    image: ^r[.]example/(proxy|agent-proxy)$\n  - name: any\n    image: ^.*proxy$\n{digests}"
        )
    }

    #[test]
    fn the_field_is_added_at_the_end() {
        let old = allowlist("");
        let (new, changed) = written(&old, &wanted("agent", &[0xbb, 0xaa]), Old::Keep).unwrap();
        let field = new.strip_prefix(&old).unwrap();
        assert_eq!(listed(field), [0xaa, 0xbb]);
        assert_eq!(changed, [Changed { container: "agent".to_owned(), added: 2, dropped: 0, kept: 0 }]);
    }

    #[test]
    fn a_list_is_sorted_and_has_no_duplicates() {
        let field = format!(
            "containerImageDigests:\n- containerName: agent\n  imageDigests:\n  - {}\n  - sha256:{}\n  - {}\n",
            hex(0xcc),
            hex(0xaa).to_uppercase(),
            hex(0xcc)
        );
        let (new, changed) = written(&allowlist(&field), &wanted("agent", &[0xbb]), Old::Keep).unwrap();
        assert_eq!(listed(&new), [0xaa, 0xbb, 0xcc]);
        assert!(
            new.contains(&format!("sha256:{}", hex(0xaa).to_uppercase())),
            "what stays is as written: {new}"
        );
        assert_eq!(changed, [Changed { container: "agent".to_owned(), added: 1, dropped: 1, kept: 2 }]);
    }

    #[test]
    fn a_list_with_comments_keeps_its_order() {
        let field = format!(
            "containerImageDigests:\n- containerName: agent\n  imageDigests:\n  - {} # 1.1\n  # the first\n  - {}\n",
            hex(0xcc),
            hex(0xaa)
        );
        let (new, _) = written(&allowlist(&field), &wanted("agent", &[0xbb, 0xab]), Old::Keep).unwrap();
        assert!(new.starts_with(&allowlist(&field)), "{new}");
        assert_eq!(listed(&new), [0xcc, 0xaa, 0xab, 0xbb]);
    }

    /// An allowlist with one list of digests, with these lines.
    fn with_lines(lines: &str) -> String {
        let field = "containerImageDigests:\n- containerName: agent\n  imageDigests:\n";
        allowlist(&format!("{field}{lines}- containerName: trace\n  imageDigests: []\n"))
    }

    #[test]
    fn comments_above_the_first_digest_and_below_the_last_count() {
        let (aa, bb, cc) = (hex(0xaa), hex(0xbb), hex(0xcc));
        for lines in [
            format!("  # v2\n  - {bb}\n  # v1, the end\n"),
            format!("  # v2\n  - {bb}\n"),
            format!("  - {bb}\n  # v1, the end\n"),
            format!("\n    # v2\n    - {bb}\n"),
        ] {
            let old = with_lines(&lines);
            let (new, _) = written(&old, &wanted("agent", &[0xaa]), Old::Keep).unwrap();
            assert_eq!(listed(&new), [0xbb, 0xaa], "{new}");
            let without: Vec<&str> = new.lines().filter(|line| !line.contains(&aa)).collect();
            assert_eq!(without, old.lines().collect::<Vec<_>>());
        }
        let of_the_next = with_lines(&format!("  - {cc}\n# the tracer\n"));
        let (new, _) = written(&of_the_next, &wanted("agent", &[0xaa]), Old::Keep).unwrap();
        assert_eq!(listed(&new), [0xaa, 0xcc], "{new}");
        assert!(new.contains("\n# the tracer\n- containerName: trace\n"), "{new}");
    }

    #[test]
    fn old_digests_are_dropped_on_demand() {
        let list = |first: u8, second: u8| format!("[{}, {}]", hex(first), hex(second));
        let field = format!(
            "containerImageDigests:\n- {{containerName: agent, imageDigests: {}}}\n- {{containerName: trace, imageDigests: {}}}\n",
            list(0xaa, 0xbb),
            list(0xcc, 0xdd)
        );
        let (new, changed) = written(&allowlist(&field), &wanted("agent", &[0xbb, 0xee]), Old::Drop).unwrap();
        assert_eq!(new, allowlist(&field).replace(&list(0xaa, 0xbb), &list(0xbb, 0xee)));
        assert_eq!(changed, [Changed { container: "agent".to_owned(), added: 1, dropped: 1, kept: 1 }]);
    }

    #[test]
    fn what_cannot_be_edited_is_refused() {
        let entry = format!("- containerName: agent\n  imageDigests: [{}]\n", hex(0xaa));
        for (field, reason) in [
            (
                format!("containerImageDigests:\n{entry}{entry}"),
                "it has several entries for the container `agent`",
            ),
            (
                "containerImageDigests:\n- containerName: agent\n".to_owned(),
                "its entry has no list of digests",
            ),
            (
                format!(
                    "containerImageDigests:\n- containerName: agent\n  imageDigests:\n  - {} # 1.0\n",
                    hex(0xaa)
                ),
                "a digest to drop has a comment",
            ),
            (
                format!(
                    "containerImageDigests:\n- containerName: agent\n  imageDigests:\n  # v2\n  - {}\n",
                    hex(0xaa)
                ),
                "a digest to drop has a comment",
            ),
        ] {
            let refused = written(&allowlist(&field), &wanted("agent", &[0xbb]), Old::Drop).unwrap_err();
            let Unedited::Refused(refused) = refused else { panic!("{refused:?}") };
            assert_eq!(
                refused[0].1.message,
                format!("`containerImageDigests` cannot be rewritten: {reason}")
            );
        }
    }

    #[test]
    fn an_image_belongs_to_the_containers_with_its_path() {
        let text = allowlist("");
        let document = documents(&text).remove(0);
        let load = AllowlistSet::load(&manifests(document.root()).0);
        let allowlist = load.set.named("acme-agent-v1").unwrap();
        assert_eq!(owners(allowlist, "r.example/agent").unwrap(), ["agent", "trace"]);
        assert_eq!(owners(allowlist, "m.example/proxy").unwrap(), ["any"]);
        let fault = owners(allowlist, "r.example/proxy").unwrap_err();
        assert_eq!(
            fault.message,
            "`r.example/proxy` matches different images: `^.*proxy$` of `any` and `^r[.]example/(proxy|agent-proxy)$` of `proxy`"
        );
        let fault = owners(allowlist, "m.example/agent").unwrap_err();
        assert_eq!(fault.message, "`m.example/agent` matches the `image` of no container in `acme-agent-v1`");
        assert_eq!(named(allowlist, "trace").unwrap(), "trace");
        assert_eq!(named(allowlist, "trase").unwrap_err().help.as_deref(), Some("did you mean `trace`?"));
    }

    proptest! {
        #![proptest_config(seeded(256, 0x6469_6765))]

        #[test]
        fn the_result_lists_what_it_must_and_is_stable(
            before in prop::collection::vec(any::<u8>(), 0..6),
            new in prop::collection::btree_set(any::<u8>(), 1..6),
            drops in any::<bool>(),
            (in_brackets, has_comments) in (any::<bool>(), any::<bool>()),
        ) {
            let comment = if has_comments { " # a" } else { "" };
            let items: Vec<String> = before.iter().map(|byte| format!("'{}'", hex(*byte))).collect();
            let list = match in_brackets {
                true => format!(" [{}]{comment}\n", items.join(", ")),
                false if items.is_empty() => " []\n".to_owned(),
                false => format!("\n  - {}\n", items.join(&format!("{comment}\n  - "))),
            };
            let text = allowlist(&format!("containerImageDigests:\n- containerName: agent\n  imageDigests:{list}"));
            let bytes: Vec<u8> = new.iter().copied().collect();
            let old = if drops { Old::Drop } else { Old::Keep };
            // Brackets with comments, from which something is removed, can be refused.
            let Ok((result, changed)) = written(&text, &wanted("agent", &bytes), old) else {
                prop_assert!(has_comments);
                return Ok(());
            };
            let found = listed(&result);
            let as_set: BTreeSet<u8> = found.iter().copied().collect();
            prop_assert_eq!(found.len(), as_set.len(), "no duplicates");
            let mut expected = new;
            if !drops {
                expected.extend(&before);
            }
            prop_assert_eq!(as_set, expected);
            if !has_comments {
                prop_assert!(found.is_sorted());
            }
            let counted = changed.iter().map(|change| change.added + change.kept).sum::<usize>();
            prop_assert!(changed.is_empty() || counted == found.len());
            let (again, changed) = written(&result, &wanted("agent", &bytes), old).unwrap();
            prop_assert_eq!(again, result);
            prop_assert_eq!(changed, []);
        }
    }
}
