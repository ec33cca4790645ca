//! Flux's CEL, Argo CD's Lua and `hallpass status` agree on every object.

use std::collections::BTreeMap;
use std::path::PathBuf;

use hallpass_document::Value;
use hallpass_policy::manifests;
use hallpass_renderer::health::{argo_patch, flux_expressions};
use hallpass_renderer::status::{Cluster, State, Synchronizer, Timestamp, judge};
use mlua::{Lua, LuaOptions, StdLib};
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use hallpass_cel::evaluate;

use crate::laws::config;

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
enum Flux {
    Current,
    InProgress,
    Failed,
    /// An expression has no value: Flux keeps waiting.
    Error,
}

#[derive(Debug, Deserialize, PartialEq, Eq)]
struct Health {
    status: String,
    message: String,
}

fn flux(object: &Json) -> Flux {
    let variables: Vec<(&str, &Json)> =
        object.as_object().unwrap().iter().map(|(name, value)| (name.as_str(), value)).collect();
    let expressions = flux_expressions();
    // In Flux's order.
    for (expression, meaning) in [
        (expressions.in_progress, Flux::InProgress),
        (expressions.failed, Flux::Failed),
        (expressions.current, Flux::Current),
    ] {
        match evaluate(&expression, &variables) {
            Ok(Json::Bool(true)) => return meaning,
            Ok(Json::Bool(false)) => {}
            Ok(other) => panic!("{expression} gives {other}"),
            Err(_) => return Flux::Error,
        }
    }
    Flux::InProgress
}

fn argo(object: &Json) -> Health {
    let lua = Lua::new_with(StdLib::STRING | StdLib::TABLE, LuaOptions::default()).unwrap();
    lua.globals().set("obj", to_lua(&lua, object)).unwrap();
    let health: mlua::Table = lua.load(file("health.lua")).eval().unwrap();
    Health { status: health.get("status").unwrap(), message: health.get("message").unwrap() }
}

fn to_lua(lua: &Lua, json: &Json) -> mlua::Value {
    match json {
        Json::Null => mlua::Value::Nil,
        Json::Bool(flag) => mlua::Value::Boolean(*flag),
        Json::Number(number) => mlua::Value::Number(number.as_f64().unwrap()),
        Json::String(text) => mlua::Value::String(lua.create_string(text).unwrap()),
        Json::Array(items) => {
            let items = items.iter().map(|item| to_lua(lua, item));
            mlua::Value::Table(lua.create_sequence_from(items).unwrap())
        }
        Json::Object(fields) => {
            let fields = fields.iter().map(|(key, value)| (key.as_str(), to_lua(lua, value)));
            mlua::Value::Table(lua.create_table_from(fields).unwrap())
        }
    }
}

fn status(object: &Json) -> State {
    let bytes = object.to_string().into_bytes();
    let value = Value::from_json(&bytes).unwrap();
    let (found, _) = manifests(&value);
    let synchronizer = Synchronizer::read(&found[0]).unwrap();
    judge(&synchronizer, None, &Cluster { now: Timestamp::UNIX_EPOCH, allowlists: None }).state
}

/// The health check, in the layout of the Argo CD repository.
pub(crate) const FOLDER: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/resource_customizations/auto.gke.io/AllowlistSynchronizer");

fn file(path: &str) -> String {
    std::fs::read_to_string(PathBuf::from(FOLDER).join(path)).unwrap()
}

fn fixture(name: &str) -> Json {
    serde_yaml::from_str(&file(&format!("testdata/{name}.yaml"))).unwrap()
}

#[derive(Deserialize)]
struct HealthTest {
    tests: Vec<ArgoCase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct ArgoCase {
    health_status: Health,
    input_path: String,
}

fn argo_cases() -> BTreeMap<String, Health> {
    let test: HealthTest = serde_yaml::from_str(&file("health_test.yaml")).unwrap();
    let name = |path: &str| path.strip_prefix("testdata/").unwrap().strip_suffix(".yaml").unwrap().to_owned();
    test.tests.into_iter().map(|case| (name(&case.input_path), case.health_status)).collect()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    flux: Flux,
    status: String,
}

#[test]
fn the_gates_answer_as_their_cases_say() {
    let expected: BTreeMap<String, Expected> = serde_yaml::from_str(include_str!("health.yaml")).unwrap();
    let argo_cases = argo_cases();
    assert!(expected.keys().eq(argo_cases.keys()));
    assert_eq!(PathBuf::from(FOLDER).join("testdata").read_dir().unwrap().count(), expected.len());
    for (name, Expected { flux: in_flux, status: in_status }) in expected {
        let object = fixture(&name);
        assert_eq!(flux(&object), in_flux, "{name} in Flux");
        assert_eq!(serde_json::to_value(status(&object)).unwrap(), in_status, "{name} in hallpass");
        assert_eq!(argo(&object), argo_cases[&name], "{name} in Argo CD");
        assert_agreement(&object);
    }
}

/// Checks that all three agree: ready, failed or neither.
fn assert_agreement(object: &Json) {
    let status = status(object);
    let in_flux = match flux(object) {
        Flux::Current => State::Ready,
        Flux::Failed => State::Failed,
        Flux::InProgress | Flux::Error => State::Waiting,
    };
    let in_argo = match argo(object).status.as_str() {
        "Healthy" => State::Ready,
        "Degraded" => State::Failed,
        "Progressing" => State::Waiting,
        other => panic!("Argo CD knows no {other}"),
    };
    assert_eq!((in_flux, in_argo), (status, status), "{object:#}");
}

#[test]
fn the_patch_has_the_health_check() {
    let patch: Json = serde_yaml::from_str(&argo_patch(false)).unwrap();
    let mut expected = json!({
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "argocd-cm"},
        "data": {
            "resource.customizations.health.auto.gke.io_AllowlistSynchronizer": file("health.lua"),
            "resource.customizations.useOpenLibs.auto.gke.io_AllowlistSynchronizer": "true",
        },
    });
    assert_eq!(patch, expected);
    expected["data"]["resource.customizations.health.argoproj.io_Application"] = APPLICATION.into();
    assert_eq!(serde_yaml::from_str::<Json>(&argo_patch(true)).unwrap(), expected);
}

const APPLICATION: &str = include_str!("../../resource_customizations/argoproj.io/Application/health.lua");

/// As in Argo CD, without the `string` library.
#[test]
fn an_application_is_as_healthy_as_its_objects() {
    for (application, status, message) in [
        (json!({}), "Progressing", "waiting for the first sync"),
        (json!({ "status": {} }), "Progressing", "waiting for the first sync"),
        (json!({ "status": { "health": {} } }), "Progressing", "waiting for the first sync"),
        (json!({ "status": { "health": { "status": "Missing" } } }), "Missing", ""),
        (json!({ "status": { "health": { "status": "Degraded", "message": "why" } } }), "Degraded", "why"),
        (json!({ "status": { "health": { "status": "Healthy" } } }), "Healthy", ""),
    ] {
        let lua = Lua::new_with(StdLib::NONE, LuaOptions::default()).unwrap();
        lua.globals().set("obj", to_lua(&lua, &application)).unwrap();
        let health: mlua::Table = lua.load(APPLICATION).eval().unwrap();
        assert_eq!(health.get::<String>("status").unwrap(), status, "{application}");
        assert_eq!(health.get::<String>("message").unwrap(), message, "{application}");
    }
}

fn listed() -> impl Strategy<Value = Json> {
    let bucket = prop::sample::select(vec!["", "", "gs://b/", "gs://", "gs:///", "gke://"]);
    let path = prop::sample::select(vec!["a", "a/", "a/b", "a/b/c", "ab/c", "d", "*", ""]);
    let phase = prop::sample::select(
        vec!["Installed"; 9].into_iter().chain(["Stale", "Failed", "Pending"]).collect::<Vec<_>>(),
    );
    (bucket, path, phase)
        .prop_map(|(bucket, path, phase)| json!({"filePath": format!("{bucket}{path}"), "phase": phase}))
}

fn condition() -> impl Strategy<Value = Json> {
    let kind = prop::sample::select(vec!["Ready", "Ready", "Ready", "Other"]);
    let status = prop::sample::select(vec!["True", "True", "True", "False", "Unknown"]);
    let observed = prop::sample::select(vec![Some(2), Some(2), Some(2), Some(1), Some(3), None]);
    (kind, status, observed).prop_map(|(kind, status, observed)| {
        let mut condition = json!({"type": kind, "status": status});
        if let Some(observed) = observed {
            condition["observedGeneration"] = observed.into();
        }
        condition
    })
}

fn object() -> impl Strategy<Value = Json> {
    let path = prop::sample::select(vec!["a/*", "a/b/*", "a/b", "a/b/c", "d", "*", "a*", "", "a/"]);
    let paths = prop::collection::vec(path, 0..3);
    let conditions = prop::option::weighted(0.9, prop::collection::vec(condition(), 0..3));
    let files = prop::option::weighted(0.9, prop::collection::vec(listed(), 0..5));
    let status = prop::option::weighted(0.95, (conditions, files));
    (paths, status).prop_map(|(paths, status)| {
        let mut object = json!({
            "apiVersion": "auto.gke.io/v1",
            "kind": "AllowlistSynchronizer",
            "metadata": {"name": "partner", "generation": 2},
            "spec": {"allowlistPaths": paths},
        });
        if let Some((conditions, files)) = status {
            object["status"] = json!({});
            if let Some(conditions) = conditions {
                object["status"]["conditions"] = conditions.into();
            }
            if let Some(files) = files {
                object["status"]["managedAllowlistStatus"] = files.into();
            }
        }
        object
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2048, ..config() })]

    #[test]
    fn the_gates_agree(object in object()) {
        assert_agreement(&object);
    }
}
