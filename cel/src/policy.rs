//! Reviews a request by a ValidatingAdmissionPolicy.

use std::collections::HashMap;

use cel::Value;
use serde_json::Value as Json;

use crate::expression::{execute, from_json};

/// A request, as expressions see it.
#[derive(Clone, Debug)]
pub struct Request<'r> {
    /// `request`
    pub request: &'r Json,
    /// `object`
    pub object: &'r Json,
    /// `oldObject`; null for a new object.
    pub old_object: &'r Json,
}

/// What a policy says about a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A match condition does not hold.
    Ignored,
    /// All validations hold. The audit annotations that are not empty, by key.
    Admitted(Vec<(String, String)>),
    /// A validation does not hold: its message.
    Refused(String),
}

/// Reviews a request.
///
/// # Errors
/// An expression is invalid, or the API server would fail to evaluate it. With `failurePolicy: Fail`, it then refuses the
/// request.
pub fn review(policy: &Json, request: &Request<'_>) -> Result<Outcome, String> {
    let spec = &policy["spec"];
    let mut values = vec![
        ("request", from_json(request.request)),
        ("object", from_json(request.object)),
        ("oldObject", from_json(request.old_object)),
    ];
    for condition in list(spec, "matchConditions") {
        if !flag(&text(condition, "expression"), &values)? {
            return Ok(Outcome::Ignored);
        }
    }
    // Kubernetes evaluates a variable when it is first used. The use of one that cannot be evaluated is an error here too.
    let mut variables: HashMap<String, Value> = HashMap::new();
    for variable in list(spec, "variables") {
        values.push(("variables", Value::from(variables.clone())));
        let value = execute(&text(variable, "expression"), &values);
        values.pop();
        if let Ok(value) = value {
            variables.insert(text(variable, "name"), value);
        }
    }
    values.push(("variables", Value::from(variables)));
    for validation in list(spec, "validations") {
        if !flag(&text(validation, "expression"), &values)? {
            let message = match validation.get("messageExpression") {
                Some(_) => string(&text(validation, "messageExpression"), &values)?,
                None => text(validation, "message"),
            };
            return Ok(Outcome::Refused(message));
        }
    }
    let mut annotations = Vec::new();
    for annotation in list(spec, "auditAnnotations") {
        let value = string(&text(annotation, "valueExpression"), &values)?;
        if !value.is_empty() {
            annotations.push((text(annotation, "key"), value));
        }
    }
    Ok(Outcome::Admitted(annotations))
}

fn list<'j>(spec: &'j Json, field: &str) -> impl Iterator<Item = &'j Json> {
    spec.get(field).and_then(Json::as_array).into_iter().flatten()
}

fn text(entry: &Json, field: &str) -> String {
    entry.get(field).and_then(Json::as_str).unwrap_or_default().to_owned()
}

fn flag(expression: &str, values: &[(&str, Value)]) -> Result<bool, String> {
    match execute(expression, values)? {
        Value::Bool(flag) => Ok(flag),
        other => Err(format!("{expression}: a {} instead of a bool", other.type_of())),
    }
}

fn string(expression: &str, values: &[(&str, Value)]) -> Result<String, String> {
    match execute(expression, values)? {
        Value::String(text) => Ok(text.to_string()),
        other => Err(format!("{expression}: a {} instead of a string", other.type_of())),
    }
}
