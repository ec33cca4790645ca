//! Evaluates a request with an emitted policy, like the API server.

use hallpass_renderer::Object;
use serde_json::{Map, Value as Json, json};

use hallpass_cel::evaluate;

/// An admission request.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) operation: String,
    pub(crate) user_info: Json,
    pub(crate) object: Json,
    pub(crate) old_object: Json,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The policy does not apply to the request.
    NotJudged,
    Admitted,
    /// The message of the first validation that fails.
    Denied(String),
}

/// The denial if an expression has no value: `failurePolicy: Fail`.
pub(crate) const NO_VALUE: &str = "no value";

impl Request {
    pub(crate) fn create(spec: Json) -> Self {
        Request {
            operation: "CREATE".to_owned(),
            user_info: json!({"username": "someone", "groups": ["system:authenticated"]}),
            object: json!({"metadata": {"name": "partner"}, "spec": spec}),
            old_object: Json::Null,
        }
    }

    pub(crate) fn update(from: Json, to: Json) -> Self {
        let new = Request::create(to);
        Request { operation: "UPDATE".to_owned(), old_object: Request::create(from).object, ..new }
    }
}

pub(crate) fn ask(policy: &Object, request: &Request) -> Answer {
    let spec = &policy["spec"];
    assert_eq!(spec["failurePolicy"], "Fail");
    let rule = &spec["matchConstraints"]["resourceRules"][0];
    let operations = strings(&rule["operations"]);
    if !operations.iter().any(|operation| *operation == "*" || *operation == request.operation) {
        return Answer::NotJudged;
    }
    let about = json!({"operation": request.operation, "userInfo": request.user_info});
    for condition in entries(&spec["matchConditions"]) {
        let expression = condition["expression"].as_str().unwrap();
        // Kubernetes also provides `object`, but our conditions do not use it.
        match evaluate(expression, &[("request", &about)]) {
            Ok(Json::Bool(true)) => {}
            Ok(Json::Bool(false)) => return Answer::NotJudged,
            other => return Answer::Denied(format!("{NO_VALUE}: {other:?}")),
        }
    }
    let mut variables = Map::new();
    for variable in entries(&spec["variables"]) {
        let name = variable["name"].as_str().unwrap();
        // Kubernetes evaluates a variable when it is used, so one without a value is an error only then.
        if let Ok(value) = run(variable["expression"].as_str().unwrap(), &about, request, &variables) {
            variables.insert(name.to_owned(), value);
        }
    }
    let validations = entries(&spec["validations"]);
    assert!(!validations.is_empty());
    for validation in validations {
        match run(validation["expression"].as_str().unwrap(), &about, request, &variables) {
            Ok(Json::Bool(true)) => {}
            Ok(Json::Bool(false)) => return Answer::Denied(message(validation, &about, request, &variables)),
            _ => return Answer::Denied(NO_VALUE.to_owned()),
        }
    }
    Answer::Admitted
}

/// Kubernetes uses `message` if the expression has no value, or a value that is empty, has several lines or exceeds 5
/// KiB.
fn message(validation: &Json, about: &Json, request: &Request, variables: &Map<String, Json>) -> String {
    let expression = validation["messageExpression"].as_str();
    let value = expression.and_then(|expression| run(expression, about, request, variables).ok());
    let fits = |text: &&str| !text.trim().is_empty() && !text.contains('\n') && text.len() <= 5 * 1024;
    let text = value.as_ref().and_then(Json::as_str).filter(fits);
    text.unwrap_or_else(|| validation["message"].as_str().unwrap()).to_owned()
}

fn run(
    expression: &str,
    about: &Json,
    request: &Request,
    variables: &Map<String, Json>,
) -> Result<Json, String> {
    let variables = Json::Object(variables.clone());
    let known = [
        ("request", about),
        ("object", &request.object),
        ("oldObject", &request.old_object),
        ("variables", &variables),
    ];
    evaluate(expression, &known)
}

pub(crate) fn entries(list: &Json) -> &[Json] {
    list.as_array().map_or(&[], Vec::as_slice)
}

fn strings(list: &Json) -> Vec<&str> {
    entries(list).iter().map(|text| text.as_str().unwrap()).collect()
}
