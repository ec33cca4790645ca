//! Properties of every policy, and failures that are never a verdict.

use serde_json::{Value as Json, json};

use super::{server, validate};
use hallpass_policy_server::no_cluster;

#[test]
fn the_version_of_the_protocol_is_a_json_string() {
    assert_eq!(server().call("protocol_version", b"", no_cluster()).unwrap(), br#""v1""#);
}

#[test]
fn what_cannot_be_read_is_an_error() {
    let server = server();
    let deep = format!("{{\"request\": {}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    let no_kind = json!({"request": {"operation": "CREATE", "object": {}}, "settings": {}}).to_string();
    let twice = r#"{"request": {"operation": "CREATE", "operation": "DELETE", "kind": {"kind": "Pod"}}}"#;
    let settings =
        json!({"request": {"operation": "CREATE", "kind": {"kind": "Pod"}}, "settings": []}).to_string();
    for payload in ["", "{", "null", "[]", "{}", "\u{feff}{}", &deep, &no_kind, twice, &settings] {
        let error = server.call("validate", payload.as_bytes(), no_cluster()).unwrap_err();
        assert!(error.contains("the request cannot be read: "), "{payload:.40}: {error}");
    }
    for payload in [b"\xff".as_slice(), b"{\"settings\": {}, \"request\": \"\xc3\x28\"}"] {
        assert!(server.call("validate", payload, no_cluster()).is_err());
    }
    for operation in ["", "validate ", "Validate", "guest"] {
        let error = server.call(operation, b"{}", no_cluster()).unwrap_err();
        assert!(error.contains("unknown operation"), "{error}");
    }
}

/// An invalid object is always refused, also in the mode `warn`.
#[test]
fn an_object_that_cannot_be_read_is_refused() {
    let server = server();
    let pod = |spec: Json| json!({"apiVersion": "v1", "kind": "Pod", "spec": spec});
    for object in [
        Json::Null,
        json!([]),
        json!("Pod"),
        json!({"apiVersion": "apps/v1", "kind": "Pod"}),
        json!({"apiVersion": "v1", "kind": "Service"}),
        json!({"apiVersion": 1, "kind": "Pod"}),
        pod(Json::Null),
        pod(json!({"containers": []})),
        pod(json!({"containers": [{"name": "c", "image": "i"}], "hostPID": "true"})),
        pod(json!({"containers": [{"name": "c", "image": "i"}, {"name": "c", "image": "i"}]})),
        pod(json!({"containers": [{"name": "c"}]})),
        pod(
            json!({"containers": [{"name": "c", "image": "i", "volumeMounts": [{"name": "v", "mountPath": "/v"}]}]}),
        ),
    ] {
        for mode in ["enforce", "warn"] {
            let request =
                json!({"operation": "CREATE", "kind": {"group": "", "kind": "Pod"}, "object": object});
            let answer = validate(&server, &json!({"mode": mode}), &request, no_cluster());
            assert_eq!(answer["accepted"], json!(false), "{object}");
            assert_eq!(answer["code"], json!(403), "{object}");
        }
    }
}

/// Running out of memory causes a trap, and a trap causes an error.
#[test]
fn a_trap_is_an_error() {
    let server = server();
    // More than twice the size of a 32-bit address space: as text and as a tree.
    let list = "0,".repeat(90_000_000);
    let payload = format!(
        r#"{{"request": {{"operation": "CREATE", "kind": {{"kind": "Pod"}}, "object": {{"a": [{list}0]}}}}, "settings": {{}}}}"#
    );
    assert!(server.call("validate", payload.as_bytes(), no_cluster()).is_err());
}
