//! Variants of a workload that one allowlist cannot admit: each further allowlist says why.

#[cfg(test)]
mod separate {
    use hallpass_author::generate::Settings;
    use hallpass_policy::Profile;
    use hallpass_report::generate::{GeneratedAllowlist, Text, generate};

    const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: a, LABELS}\n\
                       spec: {hostPID: true, FIELDS, containers: [{name: a, image: registry.example/a}]}\n";
    const NONE: &str = "labels: {}";

    /// Generates allowlists for variants of a Pod, as their labels and fields.
    fn generated(variants: &[(&str, &str)], merge: bool) -> (String, Vec<GeneratedAllowlist>) {
        let pod = |(labels, fields): &(&str, &str)| POD.replace("LABELS", labels).replace("FIELDS", fields);
        let text = variants.iter().map(pod).collect::<Vec<_>>().join("---\n");
        let texts = [Text { name: "a.yaml".to_owned(), variant: None, bytes: text.into_bytes() }];
        let settings = Settings { merge, ..Settings::default() };
        let generation = generate(&texts, &Profile::autopilot(), &settings).unwrap();
        (generation.yaml.unwrap(), generation.allowlists)
    }

    #[test]
    fn a_further_allowlist_names_what_differs() {
        for (other, differing) in [
            ((NONE, "hostNetwork: true"), "`hostNetwork` differs"),
            ((NONE, "hostNetwork: true, hostIPC: true"), "`hostNetwork` and `hostIPC` differ"),
            (
                (NONE, "securityContext: {appArmorProfile: {type: Localhost, localhostProfile: a}}"),
                "the AppArmor profile differs",
            ),
            (
                ("labels: {cloud.google.com/matching-allowlist: b}", "dnsPolicy: Default"),
                "the label `cloud.google.com/matching-allowlist` differs",
            ),
        ] {
            let variants = [(NONE, "dnsPolicy: Default"), other];
            let (yaml, allowlists) = generated(&variants, true);
            let [first, second] = allowlists.as_slice() else { panic!("{yaml}") };
            let why =
                format!("separate from `a-pod-v1`, because one allowlist cannot admit both: {differing}");
            assert_eq!((&first.separate, second.separate.as_ref()), (&None, Some(&why)));
            assert_eq!(yaml.matches(&format!("# {why}\n")).count(), 1, "{yaml}");
            // Without a merge, each workload has its own allowlist.
            let (yaml, allowlists) = generated(&variants, false);
            assert!(
                allowlists.iter().all(|it| it.separate.is_none()) && !yaml.contains("separate"),
                "{yaml}"
            );
        }
    }

    #[test]
    fn variants_share_the_first_allowlist_that_admits_them() {
        let [plain, network] = [(NONE, "dnsPolicy: Default"), (NONE, "hostNetwork: true")];
        let (_, allowlists) = generated(&[plain, network, network, plain], true);
        let counts: Vec<usize> = allowlists.iter().map(|it| it.exempts.len()).collect();
        assert_eq!(counts, [2, 2]);
    }
}
