//! Properties of the decision (sections "The decision" and "Invariants" of `docs/semantics.md`).

mod accounted;
mod engines;
mod input;
mod one;
mod removal;
mod several;

use hallpass_document::Value;
use hallpass_policy::{AllowlistSet, Judgement, Options, judge};

use accounted::{check_file, check_objects};
use engines::answer_alike;
use input::{Input, allowlists};
use one::{check_judgement, check_strict};
use removal::removing_never_denies;
use several::{check_list, check_several, check_target};

/// The cluster's version: unknown, or before or after the order of containers stopped mattering (rule M4).
const TARGETS: [Option<&str>; 3] = [None, Some("1.33.4-gke.1000"), Some("1.35.0-gke.1")];

/// Evaluates the documents of a file with the allowlists and the constraint profile among them.
///
/// - Every object is evaluated, skipped and counted, or an error; the report on the file agrees for every document.
/// - A verdict has only the fields that belong to it, and every path leads into its document.
/// - Strict mode denies workloads whose verdict depends on an assumption, and changes nothing else.
/// - The order of allowlists does not matter; one matching allowlist is sufficient; additional allowlists do not
///   matter.
/// - Removing something from an exempted workload does not deny it.
/// - A `List` is evaluated like its items.
/// - Every engine returns the same bytes.
///
/// # Panics
/// If a property is violated.
pub fn check(bytes: &[u8]) {
    check_file(bytes);
    let input = Input::read(bytes);
    let parts = input.parts();
    let ask = |target: Option<&str>, strict: bool| Question {
        installed: &parts.installed,
        profile_document: parts.profile_document,
        options: Options {
            profile: &parts.profile,
            target: target.and_then(|version| version.parse().ok()),
            strict,
        },
        documents: &parts.documents,
    };
    let unknown = ask(None, false).judge();
    for target in TARGETS {
        let (usual, strict) = (ask(target, false), ask(target, true));
        let (judgements, strict_judgements) = (usual.check(), strict.judge());
        for (((root, judgement), strict), unknown) in
            parts.documents.iter().zip(&judgements).zip(&strict_judgements).zip(&unknown)
        {
            check_strict(judgement, strict);
            check_target(judgement, unknown);
            check_several(judgement, root, usual.installed, &usual.options);
        }
        answer_alike(&usual, &judgements);
        if target.is_none() {
            answer_alike(&strict, &strict_judgements);
        }
    }
}

/// Documents, and the policy to evaluate them with.
struct Question<'q> {
    installed: &'q [&'q Value<'q>],
    profile_document: Option<&'q Value<'q>>,
    options: Options<'q>,
    documents: &'q [&'q Value<'q>],
}

impl Question<'_> {
    fn judge(&self) -> Vec<Judgement> {
        let set = AllowlistSet::load(&allowlists(self.installed)).set;
        self.documents.iter().map(|root| judge(root, &set, &self.options)).collect()
    }

    /// Evaluates the documents, and checks each result by itself.
    fn check(&self) -> Vec<Judgement> {
        let set = AllowlistSet::load(&allowlists(self.installed)).set;
        let judgements = self.judge();
        for (root, judgement) in self.documents.iter().zip(&judgements) {
            check_judgement(judgement, root, &set);
            check_objects(judgement, root);
            check_list(judgement, root, &set, &self.options);
            removing_never_denies(judgement, root, &set, &self.options);
        }
        judgements
    }
}
