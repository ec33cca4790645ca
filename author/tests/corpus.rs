//! Public workloads and the allowlists of their vendors, if a folder with them is next to the repository
//! (`../shared/corpus`): what the generated allowlist permits beyond the vendor's, and the reverse. Each difference is
//! counted here with its reason. Without the folder, the tests are skipped, and `cargo xtask test` says so.

#[cfg(test)]
mod corpus {
    use std::path::Path;

    use hallpass_author::difference::{Class, Work, grants};
    use hallpass_author::generate::{Input, Settings, generate};
    use hallpass_edit::yaml;
    use hallpass_policy::{
        AllowlistSet, Manifest, Options, Profile, Role, Verdict, Workload, decide, manifests,
    };

    /// So many differences of a class, of a container or (empty) of the Pod, and their reason.
    type Explained = (Class, &'static str, usize, &'static str);

    const AGENT: [Explained; 14] = [
        (Class::Exemption, "", 2, "other features need host ports and capabilities"),
        (Class::Capability, "system-probe", 10, "those of a container that the default values leave out"),
        (Class::HostPath, "", 19, "volumes of features that the default values turn off: logs, system-probe"),
        (Class::Container, "", 4, "the containers that the default values leave out"),
        (Class::Image, "agent", 1, "the vendor accepts any image"),
        (Class::Image, "init-config", 1, "the vendor accepts any image"),
        (Class::Image, "init-volume", 1, "the vendor accepts any image"),
        (Class::Env, "agent", 56, "the vendor lists every variable that the agent knows, and a secret"),
        (Class::Env, "init-config", 55, "the vendor lists every variable that the agent knows"),
        (Class::Mount, "agent", 9, "mounts of features that are off, and one without its `subPath`"),
        (Class::Mount, "init-config", 3, "mounts of features that are off"),
        (Class::Volume, "", 6, "volumes of features that are off"),
        (Class::Env, "-agent", 1, "the workload is a test's rendering, which sets `HELM_FORCE_RENDER`"),
        (Class::Env, "-init-config", 1, "the workload is a test's rendering, which sets `HELM_FORCE_RENDER`"),
    ];

    const CSI_DRIVER: [Explained; 4] = [
        (Class::Exemption, "", 2, "the driver uses no host port and adds no capability"),
        (Class::Image, "csi-node-driver", 1, "the vendor accepts mirrors in other regions"),
        (
            Class::Image,
            "csi-node-driver-registrar",
            1,
            "the vendor's pattern also accepts a tag, which is never compared",
        ),
        (
            Class::Env,
            "csi-node-driver",
            1,
            "the vendor permits variables from a secret, by a name that looks like a pattern",
        ),
    ];

    #[test]
    fn the_agent() {
        let workload = "datadog-agent-daemonset.gke-autopilot-default.yaml";
        let vendor = "datadog-datadog-daemonset-exemption-v1.0.1";
        explain(workload, "datadog-datadog-daemonset-exemption-v1.0.1.yaml", vendor, &AGENT);
    }

    #[test]
    fn the_csi_driver() {
        let workload = "datadog-csi-driver-daemonset.gke-autopilot.yaml";
        let vendor = "datadog-datadog-csi-driver-daemonset-exemption-v1.1.0";
        explain(workload, "datadog-csi-driver-allowlists-v1.0.1-v1.1.0.yaml", vendor, &CSI_DRIVER);
    }

    /// Containers of differences that only the generated allowlist permits have a `-` before their name.
    fn explain(workload: &str, lists: &str, vendor: &str, explained: &[Explained]) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus");
        if !folder.is_dir() {
            println!("skipped: no corpus of public files was found next to the repository");
            return;
        }
        let read = |name: &str| std::fs::read(folder.join(name)).unwrap();
        let generated = generated(&read(&format!("workloads/{workload}")));
        let (lists, generated) = (read(&format!("allowlists/{lists}")), generated.into_bytes());
        let mut found: Vec<(Class, String)> = Vec::new();
        with(&lists, |vendors| {
            with(&generated, |own| {
                let [theirs, ours] = [vendors, own].map(|found| AllowlistSet::load(found).set);
                let theirs = theirs.named(vendor).expect("the vendor's file has this version");
                let ours = ours.iter().next().expect("one allowlist is generated");
                let of = |mark: &str, container: Option<String>| {
                    container.map(|name| format!("{mark}{name}")).unwrap_or_else(|| mark.to_owned())
                };
                found.extend(
                    grants(theirs, ours, &mut Work::default())
                        .into_iter()
                        .map(|it| (it.class, of("", it.container))),
                );
                found.extend(
                    grants(ours, theirs, &mut Work::default())
                        .into_iter()
                        .map(|it| (it.class, of("-", it.container))),
                );
            });
        });
        for (class, container, count, reason) in explained {
            let same = |it: &(Class, String)| it.0 == *class && it.1 == *container;
            assert_eq!(found.iter().filter(|it| same(it)).count(), *count, "{class} {container}: {reason}");
            found.retain(|it| !same(it));
        }
        assert_eq!(found, [], "these differences have no reason");
    }

    /// Generates the allowlist for the only workload of a file. It must exempt the workload.
    fn generated(file: &[u8]) -> String {
        let profile = Profile::autopilot();
        let options = Options::new(&profile);
        let mut text = String::new();
        with(file, |found| {
            let Ok(Role::Workload(kind)) = found[0].role() else { panic!("a workload") };
            let read = Workload::read(&found[0], kind).unwrap();
            let decision = decide(&read.workload, &AllowlistSet::default(), &options);
            let input = Input { workload: &read.workload, violations: &decision.violations };
            let result = generate(&[input], &Settings::default());
            assert_eq!((result.refusals.len(), result.allowlists.len()), (0, 1));
            text = yaml(&result.allowlists[0].allowlist);
            with(text.as_bytes(), |lists| {
                let set = AllowlistSet::load(lists).set;
                assert_eq!(decide(&read.workload, &set, &options).verdict, Verdict::Exempted, "{text}");
            });
        });
        text
    }

    /// Calls a function with the objects of a file.
    fn with(file: &[u8], call: impl FnOnce(&[Manifest<'_>])) {
        let documents: Vec<_> = hallpass_reader::read(file).map(Result::unwrap).collect();
        let found: Vec<_> = documents.iter().flat_map(|document| manifests(document.root()).0).collect();
        call(&found);
    }
}
