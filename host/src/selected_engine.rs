//! The engine that `--engine` selects. Both engines return the same result, byte for byte.

use std::sync::LazyLock;

use hallpass::engine::{Evaluator, Failure, Limits, Module, Policy};
use hallpass_document::Value;
use hallpass_policy::{Judgement, Options};
use hallpass_report::{Installed, Native, Unjudged};

use crate::cli::EngineName;
use crate::profile::Chosen;

/// The module, which a run loads once.
static MODULE: LazyLock<Result<Module, Unjudged>> =
    LazyLock::new(|| Module::embedded(Limits::default()).map_err(|failure| unjudged(&failure)));

/// An engine with a loaded policy.
pub(crate) enum SelectedEngine<'e> {
    /// The module that admission controllers load.
    Wasm(Evaluator),
    /// The policy crate itself.
    Native(Native<'e>),
}

impl<'e> SelectedEngine<'e> {
    pub(crate) fn new(
        name: EngineName,
        installed: &'e Installed<'e>,
        profile: &'e Chosen,
        options: Options<'e>,
    ) -> Result<Self, Unjudged> {
        if name == EngineName::Native {
            return Ok(SelectedEngine::Native(Native { allowlists: &installed.set, options }));
        }
        let policy = Policy {
            allowlists: installed.manifests.iter().map(|manifest| manifest.value).collect(),
            gke_version: options.target,
            strict: options.strict,
            profile: Some(&profile.source),
        };
        let evaluator = Evaluator::new(MODULE.clone()?, &policy);
        evaluator.map(SelectedEngine::Wasm).map_err(|failure| unjudged(&failure))
    }
}

impl hallpass_report::Engine for SelectedEngine<'_> {
    fn judge(&self, document: &Value<'_>) -> Result<Judgement, Unjudged> {
        match self {
            SelectedEngine::Wasm(evaluator) => {
                evaluator.judge(document).map_err(|failure| unjudged(&failure))
            }
            SelectedEngine::Native(native) => native.judge(document),
        }
    }
}

fn unjudged(failure: &Failure) -> Unjudged {
    let help = match failure {
        Failure::OutOfTime(_) | Failure::OutOfMemory(_) => {
            "split the document, or use `--engine native`, which has no such limit"
        }
        Failure::Unavailable(_) => "use `--engine native`, which does not need it",
        Failure::Trapped(_) | Failure::Refused { .. } | Failure::Garbled(_) => {
            "this is a bug in hallpass: please report it with the file; `--engine native` may work in the meantime"
        }
    };
    Unjudged { message: failure.to_string(), help }
}
