//! Sends one request of `docs/abi.md` to every engine: the responses must be the same bytes.

use std::sync::OnceLock;

use hallpass::engine::{Evaluator, Failure, Limits, Module};
use hallpass_document::Value;
use hallpass_policy::{AllowlistSet, Judgement, Options, Profile, judge};

use super::Question;
use super::input::allowlists;
use crate::broken;
use crate::value::to_json;

/// The input of an engine: a request for `load`, and documents for `decide`.
pub(super) struct Request {
    load: String,
    documents: Vec<String>,
}

/// Returns a result in JSON for each document of a request.
type Ask = fn(&Request) -> Vec<Vec<u8>>;

/// The engines that must respond like the crate does when called with the trees themselves.
const ENGINES: [(&str, Ask); 2] =
    [("the crate, asked in JSON", in_json), ("the module in wasmtime", in_module)];

pub(super) fn answer_alike(question: &Question<'_>, judgements: &[Judgement]) {
    let request = question.request();
    let answers: Vec<Vec<u8>> = judgements.iter().map(written).collect();
    for (name, ask) in ENGINES {
        let others = ask(&request);
        assert_eq!(answers.len(), others.len(), "{name} answers another number of times");
        for ((answer, other), document) in answers.iter().zip(&others).zip(&request.documents) {
            let [answer, other] = [answer, other].map(|answer| String::from_utf8_lossy(answer));
            assert_eq!(answer, other, "{name} answers otherwise about {document} with {}", request.load);
        }
    }
}

impl Question<'_> {
    fn request(&self) -> Request {
        let list: Vec<String> = self.installed.iter().map(|root| to_json(root)).collect();
        let mut load = format!("{{\"allowlists\":[{}],\"strict\":{}", list.join(","), self.options.strict);
        if let Some(target) = self.options.target {
            load += &format!(",\"gkeVersion\":\"{target}\"");
        }
        if let Some(profile) = self.profile_document {
            load += &format!(",\"profile\":{}", to_json(profile));
        }
        load.push('}');
        Request { load, documents: self.documents.iter().map(|root| to_json(root)).collect() }
    }
}

/// The crate, called with only the request.
fn in_json(request: &Request) -> Vec<Vec<u8>> {
    let load = parse(&request.load);
    let installed: Vec<&Value<'_>> = match load.get("allowlists") {
        Some(Value::List(documents)) => documents.iter().collect(),
        _ => Vec::new(),
    };
    let set = AllowlistSet::load(&allowlists(&installed)).set;
    let profile =
        load.get("profile").map_or_else(Profile::autopilot, |profile| match Profile::read(profile) {
            Ok(profile) => profile,
            Err(faults) => broken(&format!("JSON changes the profile: {faults:?}")),
        });
    let target = load.get("gkeVersion").and_then(Value::as_str).and_then(|version| version.parse().ok());
    let strict = load.get("strict") == Some(&Value::Bool(true));
    let options = Options { profile: &profile, target, strict };
    let documents = request.documents.iter().map(|document| parse(document));
    documents.map(|root| written(&judge(&root, &set, &options))).collect()
}

/// The module, as the command line runs it.
fn in_module(request: &Request) -> Vec<Vec<u8>> {
    static MODULE: OnceLock<Module> = OnceLock::new();
    let module = MODULE.get_or_init(|| answered(Module::embedded(Limits::default())));
    let evaluator = answered(Evaluator::from_json(module.clone(), request.load.clone().into_bytes()));
    let judged = request.documents.iter().map(|document| evaluator.judge_json(document.as_bytes()));
    judged.map(|judgement| written(&answered(judgement))).collect()
}

fn answered<T>(answer: Result<T, Failure>) -> T {
    answer.unwrap_or_else(|failure| broken(&failure.to_string()))
}

fn parse(json: &str) -> Value<'_> {
    match Value::from_json(json.as_bytes()) {
        Ok(value) => value,
        Err(error) => {
            broken(&format!("the reader accepts it, but `Value::from_json` does not: {error}: {json}"))
        }
    }
}

/// Writes a result as the engines do.
fn written(judgement: &Judgement) -> Vec<u8> {
    match serde_json::to_vec(judgement) {
        Ok(json) => json,
        Err(error) => broken(&format!("a judgement cannot be written as JSON: {error}")),
    }
}
