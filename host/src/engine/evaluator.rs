//! Allowlists in force, and instances that judge by them.

use std::sync::{Mutex, PoisonError};

use hallpass_document::Value;
use hallpass_policy::{GkeVersion, Judgement};
use serde::{Deserialize, Serialize};

use super::{Failure, Instance, Module, answer};

/// What to judge by.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Policy<'v> {
    /// The installed allowlists, each an object of its own.
    pub allowlists: Vec<&'v Value<'v>>,
    /// The cluster's version, when it is known.
    #[serde(serialize_with = "version_text")]
    pub gke_version: Option<GkeVersion>,
    /// Deny whatever rests on an assumption.
    pub strict: bool,
    /// A profile in place of Autopilot's.
    pub profile: Option<&'v serde_json::Value>,
}

#[expect(clippy::ref_option, reason = "the signature that serde calls")]
fn version_text<S: serde::Serializer>(
    version: &Option<GkeVersion>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    version.as_ref().map(ToString::to_string).serialize(serializer)
}

/// Judges documents by one policy, from any number of threads: each call has an instance to itself.
pub struct Evaluator {
    module: Module,
    load: Vec<u8>,
    idle: Mutex<Vec<Instance>>,
}

#[derive(Deserialize)]
struct Loaded {
    #[expect(dead_code, reason = "that it is there tells the answer from a refusal")]
    allowlists: usize,
}

impl Evaluator {
    /// Puts a policy in force.
    ///
    /// # Errors
    /// [`Failure::Refused`] when an allowlist or the profile is invalid.
    pub fn new(module: Module, policy: &Policy<'_>) -> Result<Self, Failure> {
        let load = serde_json::to_vec(policy).map_err(|error| Failure::Garbled(error.to_string()))?;
        Self::from_json(module, load)
    }

    /// [`Evaluator::new`] for a load request as docs/abi.md describes it.
    ///
    /// # Errors
    /// As there.
    pub fn from_json(module: Module, load: Vec<u8>) -> Result<Self, Failure> {
        let evaluator = Evaluator { module, load, idle: Mutex::default() };
        let first = evaluator.loaded_instance()?;
        evaluator.give_back(first);
        Ok(evaluator)
    }

    /// Judges every workload of a document.
    ///
    /// # Errors
    /// When the module has no answer. The next call gets a fresh instance.
    pub fn judge(&self, document: &Value<'_>) -> Result<Judgement, Failure> {
        let document = serde_json::to_vec(document).map_err(|error| Failure::Garbled(error.to_string()))?;
        self.judge_json(&document)
    }

    /// [`Evaluator::judge`] for a document in JSON.
    ///
    /// # Errors
    /// As there, and [`Failure::Refused`] for what is not JSON as docs/abi.md wants it.
    pub fn judge_json(&self, document: &[u8]) -> Result<Judgement, Failure> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut instance = match idle {
            Some(instance) => instance,
            None => self.loaded_instance()?,
        };
        // An instance that fails is dropped here.
        let judgement = instance.decide(document, answer::read)?;
        self.give_back(instance);
        judgement
    }

    fn loaded_instance(&self) -> Result<Instance, Failure> {
        let mut instance = self.module.instance()?;
        instance.load(&self.load, answer::read::<Loaded>)??;
        Ok(instance)
    }

    fn give_back(&self, instance: Instance) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(instance);
    }
}
