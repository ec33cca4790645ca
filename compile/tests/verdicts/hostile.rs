//! Nothing in an allowlist can change the structure of a policy.

use hallpass_cel::evaluate;
use hallpass_compile::{Shard, literal};
use hallpass_policy::Profile;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value as Json, json};

use crate::random::config;
use crate::support::Cluster;

/// Any text, with the characters that mean something in CEL, YAML and RE2 more often than others.
fn text() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        4 => select(vec![
            "'", "\"", "\\", "\n", "\r", "\t", "${X}", "$", "`", "]", ")", "}", "//", "' || true || '", "'''", "\\'", "\\Q", "\\E",
            "\\u0027", "#", ": ", "- ", "%", "\u{0}", "\u{2028}", "é", "\u{1F980}", "variables", "r'", "a", "|", "(", ".*", "[", "\\",
        ]).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(part, 1..6).prop_map(|parts| parts.concat())
}

/// A privileged Pod, and an allowlist with the same texts in every field.
fn pair(texts: &[String; 4], patterned: bool) -> (Json, Json) {
    let [one, two, three, four] = texts;
    let pattern = |text: &str| if patterned { format!("^{text}$") } else { text.to_owned() };
    let container = |image: &str, arg: &str, env: &str| {
        json!({
            "name": "c", "image": image, "command": [one, two], "args": [arg], "env": [{"name": env}],
            "envFrom": [{"secretRef": {"name": three}}],
            "livenessProbe": {"exec": {"command": [four]}},
            "securityContext": {
                "privileged": true, "capabilities": {"add": [one], "drop": [two]},
                "appArmorProfile": {"type": "Localhost", "localhostProfile": three},
            },
            "volumeMounts": [{"name": "v", "mountPath": four, "subPath": one}],
        })
    };
    let volumes = json!([{"name": "v", "hostPath": {"path": two}}]);
    let pod = json!({
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"},
        "spec": {"containers": [container(&format!("i/{one}"), two, three)], "volumes": volumes},
    });
    let exemptions = [
        "autogke-disallow-privilege",
        "autogke-default-linux-capabilities",
        "autogke-no-write-mode-hostpath",
    ];
    let allowlist = json!({
        "apiVersion": "auto.gke.io/v1", "kind": "WorkloadAllowlist", "metadata": {"name": four}, "exemptions": exemptions,
        "matchingCriteria": {
            "containers": [container(&format!("i/{one}"), &pattern(two), &pattern(three))], "volumes": volumes,
        },
    });
    (pod, allowlist)
}

proptest! {
    #![proptest_config(config(300))]

    #[test]
    fn a_literal_is_its_text(text in text()) {
        let literal = literal(&text);
        prop_assert!(literal.chars().all(|c| (' '..='~').contains(&c) && c != '$'), "{}", literal);
        prop_assert_eq!(evaluate(&literal, &[]), Ok(text.into()));
    }

    #[test]
    fn texts_are_only_texts(texts in [text(), text(), text(), text()], other in text(), at in 0..4_usize, patterned in any::<bool>()) {
        let (pod, allowlist) = pair(&texts, patterned);
        let mut changed = texts.clone();
        changed[at] = other;
        let (other_pod, _) = pair(&changed, patterned);
        let cluster = Cluster { allowlists: vec![allowlist], profile: Profile::autopilot(), target: None };
        for pod in [pod, other_pod] {
            for answer in cluster.ask(&pod, Shard::None).into_iter().flatten() {
                prop_assert!(answer.agrees(), "{:#?}", answer);
            }
        }
    }
}
