//! Compares an object in the API server with the one that we would write.

use serde_json::{Value, json};

/// Whether the spec of an object is the wanted one, apart from defaults that the API server adds.
pub(super) fn is_spec(found: &Value, wanted: &Value) -> bool {
    match (found, wanted) {
        (Value::Object(found), Value::Object(wanted)) => {
            wanted.keys().all(|key| found.contains_key(key))
                && found.iter().all(|(key, found)| match wanted.get(key) {
                    Some(wanted) => is_spec(found, wanted),
                    None => is_default(key, found),
                })
        }
        (Value::Array(found), Value::Array(wanted)) => {
            found.len() == wanted.len()
                && found.iter().zip(wanted).all(|(found, wanted)| is_spec(found, wanted))
        }
        _ => found == wanted,
    }
}

/// Whether this value is the default of an absent field (k8s.io/api/admissionregistration/v1).
fn is_default(field: &str, value: &Value) -> bool {
    match field {
        "namespaceSelector" | "objectSelector" => *value == json!({}),
        "matchPolicy" => value == "Equivalent",
        "scope" => value == "*",
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::is_spec;

    #[test]
    fn only_defaults_may_be_added() {
        let wanted = json!({"failurePolicy": "Fail", "matchConstraints": {"resourceRules": [{"resources": ["pods"]}]}});
        let with = |pointer: &str, key: &str, value| {
            let mut found = wanted.clone();
            found.pointer_mut(pointer).unwrap()[key] = value;
            found
        };
        let rule = "/matchConstraints/resourceRules/0";
        assert!(is_spec(&wanted, &wanted));
        assert!(is_spec(&with(rule, "scope", json!("*")), &wanted));
        assert!(is_spec(&with("/matchConstraints", "namespaceSelector", json!({})), &wanted));
        assert!(is_spec(&with("/matchConstraints", "matchPolicy", json!("Equivalent")), &wanted));
        for found in [
            with(rule, "scope", json!("Cluster")),
            with("/matchConstraints", "namespaceSelector", json!({"matchLabels": {"a": "b"}})),
            with("/matchConstraints", "matchPolicy", json!("Exact")),
            with("/matchConstraints", "excludeResourceRules", json!([])),
            with("", "failurePolicy", json!("Ignore")),
            with("", "matchConditions", json!([{"name": "never", "expression": "false"}])),
            with("/matchConstraints", "resourceRules", json!([])),
            json!({"failurePolicy": "Fail"}),
        ] {
            assert!(!is_spec(&found, &wanted), "{found}");
        }
    }
}
