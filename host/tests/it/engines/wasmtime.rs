//! The module in wasmtime, as the command line runs it.

use std::time::Duration;

use hallpass::engine::{Evaluator, Failure, Limits, Module, Policy};
use hallpass_policy::Verdict;
use serde_json::{Value as Json, json};

use super::question::{self, Answer, Question};

pub(super) fn module() -> Module {
    Module::embedded(Limits::default()).unwrap()
}

/// Returns the response of the module.
pub(super) fn ask(module: &Module, load: &Json, document: &[u8]) -> Answer {
    let judged = Evaluator::from_json(module.clone(), load.to_string().into_bytes())
        .and_then(|evaluator| evaluator.judge_json(document));
    match judged {
        Ok(judgement) => Answer::Judged(serde_json::to_string(&judgement).unwrap()),
        Err(Failure::Refused { .. }) => Answer::Refused,
        Err(failure) => panic!("{failure}"),
    }
}

#[test]
fn every_case_comes_out_as_it_does_natively() {
    let module = module();
    for Question { name, load, document, answer } in question::of_all_cases() {
        assert_eq!(ask(&module, &load, document.as_bytes()), answer, "`{name}`");
    }
}

fn pod(name: &str) -> Json {
    json!({
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": name},
        "spec": {"hostPID": true, "containers": [{"name": "agent", "image": "agent"}]},
    })
}

/// Takes many times longer than a tick of the clock on any machine.
fn long_list() -> String {
    let pods: Vec<Json> = (0..50_000).map(|number| pod(&format!("agent-{number}"))).collect();
    json!({"apiVersion": "v1", "kind": "List", "items": pods}).to_string()
}

fn evaluator(limits: Limits) -> Evaluator {
    Evaluator::new(Module::embedded(limits).unwrap(), &Policy::default()).unwrap()
}

/// A failure is not a verdict, and does not affect the next document.
fn fails_once(evaluator: &Evaluator, expected: &str) {
    let failure = evaluator.judge_json(long_list().as_bytes()).unwrap_err();
    assert_eq!(failure.to_string(), expected);
    let judgement = evaluator.judge_json(pod("agent").to_string().as_bytes()).unwrap();
    assert_eq!(judgement.workloads[0].decision.verdict, Verdict::Denied);
}

#[test]
fn a_call_ends_at_its_deadline() {
    let limits = Limits { time: Duration::from_millis(300), ..Limits::default() };
    fails_once(&evaluator(limits), "not evaluated within 0.3 s");
}

#[test]
fn memory_ends_at_its_limit() {
    let limits = Limits { memory: 4 * 1024 * 1024, ..Limits::default() };
    fails_once(&evaluator(limits), "evaluation needs more than 4 MiB of memory");
}

#[test]
fn a_policy_with_a_fault_is_refused() {
    let load = json!({"allowlists": [{"apiVersion": "v1", "kind": "Pod"}]});
    let failure = Evaluator::from_json(module(), load.to_string().into_bytes()).err().unwrap();
    assert_eq!(
        failure.to_string(),
        "the Wasm module refuses the request: an allowlist is invalid; /allowlists/0: a Pod is not a WorkloadAllowlist"
    );
}

/// A rejected document leaves the instance unchanged.
#[test]
fn a_refused_document_costs_no_instance() {
    let evaluator = evaluator(Limits::default());
    for document in ["", "{", r#"{"a": 1, "a": 1}"#] {
        assert!(
            matches!(evaluator.judge_json(document.as_bytes()), Err(Failure::Refused { .. })),
            "{document}"
        );
    }
    assert!(evaluator.judge_json(pod("agent").to_string().as_bytes()).is_ok());
}

#[test]
fn threads_share_an_evaluator() {
    let evaluator = evaluator(Limits::default());
    let text = pod("agent").to_string();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..50 {
                    let judgement = evaluator.judge_json(text.as_bytes()).unwrap();
                    assert_eq!(judgement.workloads[0].decision.verdict, Verdict::Denied);
                }
            });
        }
    });
}
