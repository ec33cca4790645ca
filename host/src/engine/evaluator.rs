//! A loaded policy, and instances that evaluate it.

use std::sync::{Mutex, PoisonError};

use hallpass_document::Value;
use hallpass_policy::{GkeVersion, Judgement};
use serde::{Deserialize, Serialize};

use super::{Failure, Instance, Module, answer};

/// The allowlists, profile and options to load.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Policy<'v> {
    /// The installed allowlists, each a separate object.
    pub allowlists: Vec<&'v Value<'v>>,
    /// The cluster's version, if known.
    #[serde(serialize_with = "version_text")]
    pub gke_version: Option<GkeVersion>,
    /// Deny workloads whose verdict depends on an assumption.
    pub strict: bool,
    /// A profile that replaces Autopilot's.
    pub profile: Option<&'v serde_json::Value>,
}

#[expect(clippy::ref_option, reason = "the signature that serde calls")]
fn version_text<S: serde::Serializer>(
    version: &Option<GkeVersion>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    version.as_ref().map(ToString::to_string).serialize(serializer)
}

/// Evaluates documents with one policy. It can be shared between threads: each call has its own instance.
pub struct Evaluator {
    module: Module,
    load: Vec<u8>,
    idle: Mutex<Vec<Instance>>,
}

#[derive(Deserialize)]
struct Loaded {
    #[expect(dead_code, reason = "its presence distinguishes the response from a refusal")]
    allowlists: usize,
}

impl Evaluator {
    /// Loads a policy.
    ///
    /// # Errors
    /// [`Failure::Refused`] if an allowlist or the profile is invalid.
    pub fn new(module: Module, policy: &Policy<'_>) -> Result<Self, Failure> {
        let load = serde_json::to_vec(policy).map_err(|error| Failure::Garbled(error.to_string()))?;
        Self::from_json(module, load)
    }

    /// Like [`Evaluator::new`], for a load request as described in docs/abi.md.
    ///
    /// # Errors
    /// Like [`Evaluator::new`].
    pub fn from_json(module: Module, load: Vec<u8>) -> Result<Self, Failure> {
        let evaluator = Evaluator { module, load, idle: Mutex::default() };
        let first = evaluator.loaded_instance()?;
        evaluator.give_back(first);
        Ok(evaluator)
    }

    /// Evaluates every workload in a document.
    ///
    /// # Errors
    /// The module does not respond. The next call uses a fresh instance.
    pub fn judge(&self, document: &Value<'_>) -> Result<Judgement, Failure> {
        let document = serde_json::to_vec(document).map_err(|error| Failure::Garbled(error.to_string()))?;
        self.judge_json(&document)
    }

    /// Like [`Evaluator::judge`], for a document in JSON.
    ///
    /// # Errors
    /// Like [`Evaluator::judge`], and [`Failure::Refused`] if the document is not the JSON that docs/abi.md describes.
    pub fn judge_json(&self, document: &[u8]) -> Result<Judgement, Failure> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut instance = match idle {
            Some(instance) => instance,
            None => self.loaded_instance()?,
        };
        // A failed instance is dropped here.
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
