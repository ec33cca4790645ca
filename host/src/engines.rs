//! The engines that can judge. Both give the same judgement, byte for byte.

use hallpass::engine::{Evaluator, Failure, Limits, Module, Policy};
use hallpass_policy::{AllowlistSet, Judgement, Options, Value, judge};

use crate::allowlists::Installed;
use crate::cli::EngineName;
use crate::profile::Chosen;

/// What judges, with the policy in force.
pub(crate) enum Engine<'e> {
    /// The module that gatekeepers load.
    Wasm(Evaluator),
    /// The crate itself.
    Native(&'e AllowlistSet<'e>, Options<'e>),
}

impl<'e> Engine<'e> {
    pub(crate) fn new(
        name: EngineName,
        installed: &'e Installed<'e>,
        profile: &'e Chosen,
        options: Options<'e>,
    ) -> Result<Self, Failure> {
        if name == EngineName::Native {
            return Ok(Engine::Native(&installed.set, options));
        }
        let policy = Policy {
            allowlists: installed.manifests.iter().map(|manifest| manifest.value).collect(),
            gke_version: options.target,
            strict: options.strict,
            profile: profile.source.as_ref(),
        };
        Ok(Engine::Wasm(Evaluator::new(Module::embedded(Limits::default())?, &policy)?))
    }

    pub(crate) fn judge(&self, document: &Value<'_>) -> Result<Judgement, Failure> {
        match self {
            Engine::Wasm(evaluator) => evaluator.judge(document),
            Engine::Native(allowlists, options) => Ok(judge(document, allowlists, options)),
        }
    }
}
