//! Reviews a request by a ValidatingAdmissionPolicy.

use std::collections::HashMap;

use cel::{Context, Value};
use serde_json::Value as Json;

use crate::expression::{context, execute};

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

/// The outcome of a policy for a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A match condition does not hold.
    Ignored,
    /// All validations hold. Contains the audit annotations that are not empty, with their keys.
    Admitted(Vec<(String, String)>),
    /// A validation does not hold. Contains its message.
    Refused(String),
}

/// Reviews a request.
///
/// # Errors
/// An expression is invalid, or the API server would fail to evaluate it. With `failurePolicy: Fail`, it then refuses the
/// request.
pub fn review(policy: &Json, request: &Request<'_>) -> Result<Outcome, String> {
    let spec = &policy["spec"];
    let mut scope = Scope::new(request);
    for condition in list(spec, "matchConditions") {
        if !scope.flag(text(condition, "expression"))? {
            return Ok(Outcome::Ignored);
        }
    }
    // Kubernetes evaluates a variable when it is first used. Using one that cannot be evaluated is an error here, too.
    for variable in list(spec, "variables") {
        if let Ok(value) = scope.execute(text(variable, "expression")) {
            scope.variables.insert(text(variable, "name").to_owned(), value);
        }
    }
    for validation in list(spec, "validations") {
        if !scope.flag(text(validation, "expression"))? {
            return Ok(Outcome::Refused(match validation.get("messageExpression") {
                Some(_) => scope.text(text(validation, "messageExpression"))?,
                None => text(validation, "message").to_owned(),
            }));
        }
    }
    let mut annotations = Vec::new();
    for annotation in list(spec, "auditAnnotations") {
        let value = scope.text(text(annotation, "valueExpression"))?;
        if !value.is_empty() {
            annotations.push((text(annotation, "key").to_owned(), value));
        }
    }
    Ok(Outcome::Admitted(annotations))
}

/// The values that expressions can use.
struct Scope {
    context: Context<'static, 'static>,
    variables: HashMap<String, Value>,
}

impl Scope {
    fn new(request: &Request<'_>) -> Self {
        let values =
            [("request", request.request), ("object", request.object), ("oldObject", request.old_object)];
        Scope { context: context(&values), variables: HashMap::new() }
    }

    fn execute(&self, expression: &str) -> Result<Value, String> {
        // Binding a value takes longer than most evaluations, so bind only those that the expression uses.
        let used: HashMap<String, Value> = expression
            .split("variables.")
            .skip(1)
            .filter_map(|rest| {
                let name = rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next()?;
                Some((name.to_owned(), self.variables.get(name)?.clone()))
            })
            .collect();
        let mut context = self.context.new_inner_scope();
        context.add_variable_from_value("variables", used);
        execute(expression, &context)
    }

    fn flag(&self, expression: &str) -> Result<bool, String> {
        match self.execute(expression)? {
            Value::Bool(flag) => Ok(flag),
            other => Err(format!("{expression}: a {} instead of a bool", other.type_of())),
        }
    }

    fn text(&self, expression: &str) -> Result<String, String> {
        match self.execute(expression)? {
            Value::String(text) => Ok(text.to_string()),
            other => Err(format!("{expression}: a {} instead of a string", other.type_of())),
        }
    }
}

fn list<'j>(spec: &'j Json, field: &str) -> impl Iterator<Item = &'j Json> {
    spec.get(field).and_then(Json::as_array).into_iter().flatten()
}

fn text<'j>(entry: &'j Json, field: &str) -> &'j str {
    entry.get(field).and_then(Json::as_str).unwrap_or_default()
}
