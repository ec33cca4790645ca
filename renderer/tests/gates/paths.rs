//! One grammar of paths: the table `paths.yaml` with everything that reads them, and random paths.

use std::cell::Cell;

use hallpass_document::Value;
use hallpass_kubewarden::check_settings;
use hallpass_policy::synchronizer::{AllowedPath, LONGEST_PATH, is_allowlist_path};
use hallpass_renderer::admission::{Exempt, allow_only};
use hallpass_renderer::{Fleet, kubewarden};
use jsonschema::Validator;
use proptest::prop_assert_eq;
use proptest::test_runner::TestRunner;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::crds::schema;
use crate::laws::{config, path};
use crate::policy::{Answer, Request, ask};

/// The table, and the paths that are too long for it. All of them are below `dir/`, or in the root.
pub(crate) fn table() -> Vec<(String, bool)> {
    #[derive(Deserialize)]
    struct Table {
        valid: Vec<String>,
        invalid: Vec<String>,
    }
    let Table { valid, invalid } = serde_yaml::from_str(include_str!("paths.yaml")).unwrap();
    let long = |length: usize| format!("dir/{}.yaml", "x".repeat(length - "dir/.yaml".len()));
    let valid = valid.into_iter().chain([long(LONGEST_PATH)]).map(|path| (path, true));
    let invalid = invalid.into_iter().chain([long(LONGEST_PATH + 1)]).map(|path| (path, false));
    valid.chain(invalid).collect()
}

fn entry(path: &str) -> AllowedPath {
    AllowedPath { path: path.to_owned(), bucket_name: None, project_number: None }
}

/// A list that covers the path, if paths were only compared by their first characters.
pub(crate) fn covering(path: &str) -> Vec<AllowedPath> {
    [path, "dir/*", "*"].map(entry).into()
}

/// Everything that decides whether a path is valid.
struct Readers {
    schemas: [Validator; 2],
}

impl Readers {
    fn new() -> Self {
        let synchronizer =
            schema("synchronizer")["properties"]["spec"]["properties"]["allowlistPaths"]["items"].take();
        let setting = schema("kubewarden-settings")["$defs"]["allowlistPath"].take();
        Readers {
            schemas: [synchronizer, setting].map(|schema| jsonschema::draft202012::new(&schema).unwrap()),
        }
    }

    /// Returns the answer of each reader.
    fn ask(&self, path: &str) -> [(&'static str, bool); 6] {
        let [in_synchronizer, in_setting] = &self.schemas;
        [
            ("the policy", in_policy(path)),
            ("a synchronizer of the fleet", faults(&[path], None).is_empty()),
            ("the fleet's policy", faults(&["x/x.yaml"], Some(&[path, "x/x.yaml"])).is_empty()),
            ("the setting", is_setting(path)),
            ("the schema of a synchronizer", in_synchronizer.is_valid(&path.into())),
            ("the schema of the setting", in_setting.is_valid(&path.into())),
        ]
    }
}

fn in_policy(path: &str) -> bool {
    let [policy, _] = allow_only(&covering(path), &Exempt::default());
    match ask(&policy, &Request::create(json!({"allowlistPaths": [path]}))) {
        Answer::Admitted => true,
        Answer::Denied(message) => {
            assert!(message.contains("is neither") || message.contains("an invalid path"), "{message}");
            false
        }
        Answer::NotJudged => panic!("{path:?} is not evaluated"),
    }
}

/// Returns the errors of a fleet with these paths in a synchronizer and in a policy.
pub(crate) fn faults(paths: &[&str], allowed: Option<&[&str]>) -> Vec<String> {
    let entries = |allowed: &[&str]| allowed.iter().map(|path| json!({"path": path})).collect::<Json>();
    let policies = allowed.map(|allowed| json!({"name": "known", "clusters": {}, "allow": entries(allowed)}));
    let fleet = json!({
        "apiVersion": "hallpass.dev/v1alpha1",
        "kind": "Fleet",
        "metadata": {"name": "acme"},
        "spec": {
            "clusters": [{"name": "prod", "gkeVersion": "1.35.6-gke.1049000", "path": "clusters/prod"}],
            "synchronizers": [{"name": "partner", "clusters": {}, "allowlistPaths": paths}],
            "policies": policies.as_slice(),
            "delivery": [{"clusters": {}, "plain": {}}],
        },
    });
    let text = fleet.to_string();
    let document = hallpass_reader::read(text.as_bytes()).next().unwrap().unwrap();
    let errors = Fleet::read(document.root()).err().unwrap_or_default();
    errors.iter().map(ToString::to_string).collect()
}

fn is_setting(path: &str) -> bool {
    let settings = json!({"synchronizers": kubewarden::allow_only(&[entry(path)], &Exempt::default())});
    check_settings(&Value::from_json(settings.to_string().as_bytes()).unwrap()).is_empty()
}

#[test]
fn every_reader_follows_the_table() {
    let readers = Readers::new();
    for (path, valid) in table() {
        assert_eq!(is_allowlist_path(&path), valid, "{path:?}");
        for (reader, answer) in readers.ask(&path) {
            assert_eq!(answer, valid, "{reader}: {path:?}");
        }
    }
}

#[test]
fn every_reader_follows_the_function() {
    let readers = Readers::new();
    let valid = Cell::new(0);
    let law = TestRunner::new(config()).run(&path(), |path| {
        let expected = is_allowlist_path(&path);
        valid.set(valid.get() + usize::from(expected));
        for (reader, answer) in readers.ask(&path) {
            prop_assert_eq!(answer, expected, "{}: {:?}", reader, path);
        }
        Ok(())
    });
    law.unwrap();
    assert!(valid.get() > 50, "only {} valid paths", valid.get());
}
