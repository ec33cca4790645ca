//! Expressions and their variables.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::{Arc, OnceLock};

use cel::{Context, Env, Program, Value, extensions};
use serde_json::Value as Json;

use crate::patterns;

fn env() -> Arc<Env> {
    static ENV: OnceLock<Arc<Env>> = OnceLock::new();
    let env = ENV.get_or_init(|| {
        let mut env = Env::stdlib();
        env.add_extension(extensions::strings).expect("no function of that name is there");
        env.add_extension(patterns::extension).expect("no function of that name is there");
        Arc::new(env)
    });
    env.clone()
}

thread_local! {
    /// Parsing is far slower than evaluating, and policies share most of their expressions.
    static PROGRAMS: RefCell<HashMap<String, Rc<Program>>> = RefCell::default();
}

fn compile(expression: &str) -> Result<Rc<Program>, String> {
    if let Some(program) = PROGRAMS.with_borrow(|programs| programs.get(expression).cloned()) {
        return Ok(program);
    }
    let program = env().compile(expression).map_err(|error| format!("{expression}: {error}"))?;
    let program = Rc::new(program);
    PROGRAMS.with_borrow_mut(|programs| programs.insert(expression.to_owned(), program.clone()));
    Ok(program)
}

/// Evaluates an expression with variables.
///
/// # Errors
/// The expression is invalid, or its evaluation fails.
pub fn evaluate(expression: &str, variables: &[(&str, &Json)]) -> Result<Json, String> {
    execute(expression, &context(variables)).map(|value| to_json(&value))
}

/// Returns a context with variables.
pub(crate) fn context(variables: &[(&str, &Json)]) -> Context<'static, 'static> {
    let mut context = Context::with_env(env());
    for (name, value) in variables {
        context.add_variable_from_value(*name, from_json(value));
    }
    context
}

pub(crate) fn execute(expression: &str, context: &Context<'_, '_>) -> Result<Value, String> {
    compile(expression)?.execute(context).map_err(|error| error.to_string())
}

/// Whole numbers become `int`, as in Kubernetes.
fn from_json(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(flag) => Value::Bool(*flag),
        Json::Number(number) => match number.as_i64() {
            Some(whole) => Value::Int(whole),
            None => Value::Float(number.as_f64().unwrap()),
        },
        Json::String(text) => Value::from(text.as_str()),
        Json::Array(items) => Value::List(Arc::new(items.iter().map(from_json).collect())),
        Json::Object(fields) => {
            let fields: HashMap<&str, Value> =
                fields.iter().map(|(key, value)| (key.as_str(), from_json(value))).collect();
            Value::from(fields)
        }
    }
}

fn to_json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(flag) => (*flag).into(),
        Value::Int(number) => (*number).into(),
        Value::Float(number) => (*number).into(),
        Value::String(text) => text.as_str().into(),
        Value::List(items) => items.iter().map(to_json).collect(),
        Value::Map(map) => map.map.iter().map(|(key, value)| (key.to_string(), to_json(value))).collect(),
        other => panic!("no expression of ours gives {}", other.type_of()),
    }
}
