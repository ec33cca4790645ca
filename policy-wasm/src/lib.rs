//! Decides whether GKE Autopilot's allowlists admit a privileged workload, and explains the decision.
//!
//! `docs/semantics.md` lists the rules, each with its id and its source. A document is parsed to a
//! [`Value`](hallpass_document::Value), the value is split into [`manifests`], a manifest is read as a [`Workload`] or an
//! [`Allowlist`], and [`decide`] compares them.
//! The crate does no I/O, reads no clock and keeps no state, so the same code runs on the command line, in an admission
//! controller and in a browser.
//!
//! ```
//! use hallpass_document::Value;
//! use hallpass_policy::{AllowlistSet, Options, Profile, Role, Verdict, Workload, decide, manifests};
//!
//! let pod = br#"{"apiVersion": "v1", "kind": "Pod", "spec": {"hostPID": true, "containers": [{"name": "c", "image": "x"}]}}"#;
//! let value = Value::from_json(pod)?;
//! let (found, _) = manifests(&value);
//! let Ok(Role::Workload(kind)) = found[0].role() else { panic!("a Pod is a workload") };
//! let read = Workload::read(&found[0], kind).map_err(|faults| faults[0].to_string())?;
//! let profile = Profile::autopilot();
//! let decision = decide(&read.workload, &AllowlistSet::default(), &Options::new(&profile));
//! assert_eq!(decision.verdict, Verdict::Denied);
//! assert_eq!(decision.violations[0].path, "/spec/hostPID");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod allowlist;
mod constraint;
mod decision;
mod explain;
mod gke_version;
mod judge;
mod listed;
mod matching;
pub mod pattern;
mod profile;
pub mod synchronizer;
mod violations;

pub use allowlist::{
    AllowedContainer, AllowedDevice, AllowedDisk, AllowedEnvFrom, AllowedImage, AllowedMount, AllowedNfs,
    AllowedVolume, Allowlist, AllowlistSet, Duplicate, Load, NO_CONNECT, Strings,
};
pub use constraint::Constraint;
pub use decision::{Assumption, Compared, Decision, Mismatch, Rule, SHOWN, Verdict, Violation};
pub use explain::UNLABELLED;
pub use gke_version::{GkeVersion, GkeVersionError};
pub use hallpass_workload::{Manifest, Namespace, ReadWorkload, Role, Workload, WorkloadKind, manifests};
pub use judge::{Judged, Judgement, judge};
pub use listed::Listed;
pub use matching::version_suffix_stripped;
pub use profile::{CustomClass, FromVersion, NodeKeys, Profile};

use explain::{Explanation, explain};
use matching::Pair;

/// The inputs of a decision in addition to the workload and the allowlists.
#[derive(Clone, Copy, Debug)]
pub struct Options<'p> {
    /// The constraints to enforce.
    pub profile: &'p Profile,
    /// The cluster's version, if known.
    pub target: Option<GkeVersion>,
    /// Deny workloads whose verdict depends on an assumption.
    pub strict: bool,
}

impl<'p> Options<'p> {
    /// Creates options without a target version and without strict mode.
    #[must_use]
    pub fn new(profile: &'p Profile) -> Self {
        Options { profile, target: None, strict: false }
    }
}

/// Decides whether `workload` may run on a cluster that has `allowlists` installed.
///
/// The result depends on nothing else, and not on the order of the allowlists.
#[must_use]
pub fn decide(workload: &Workload<'_>, allowlists: &AllowlistSet<'_>, options: &Options<'_>) -> Decision {
    let found = violations::evaluate(workload, options);
    let mut decision = if found.violations.is_empty() {
        Decision::new(Verdict::Admitted)
    } else {
        compare(workload, allowlists, options, &found.violations)
    };
    for (constraint, count) in found.unshown {
        let note = format!("{count} more violations of `{}` are not shown", constraint.id());
        decision.notes.push(note);
    }
    decision.violations = found.violations;
    decision.assumptions.splice(0..0, found.assumptions);
    if decision.verdict == Verdict::Denied {
        decision.assumptions.splice(0..0, found.of_a_denial);
    }
    if options.strict && decision.verdict != Verdict::Denied && !decision.assumptions.is_empty() {
        refuse_assumptions(&mut decision);
    }
    decision
}

fn compare(
    workload: &Workload<'_>,
    allowlists: &AllowlistSet<'_>,
    options: &Options<'_>,
    violations: &[Violation],
) -> Decision {
    let label = workload.matching_label.as_ref();
    let pair = |allowlist| Pair {
        workload,
        allowlist,
        violations,
        target: options.target,
        names_count: label.is_some(),
        considered: label.is_none_or(|label| label.allowlist == allowlist.name),
    };
    let candidates = allowlists.iter().map(pair).filter(|pair| pair.considered);
    let matching = candidates.filter_map(|pair| Some((pair.matches()?, pair.allowlist)));
    // Fewest assumptions, then the first name, so that the order of loading does not matter.
    match matching.min_by_key(|(assumptions, _)| assumptions.len()) {
        Some((assumptions, allowlist)) => Decision {
            allowlist: Some(allowlist.name.to_owned()),
            no_connect: Some(allowlist.no_connect),
            assumptions,
            ..Decision::new(Verdict::Exempted)
        },
        None => {
            let Explanation { compared, mismatches, assumptions, notes } = explain(allowlists, label, pair);
            Decision { compared, mismatches, assumptions, notes, ..Decision::new(Verdict::Denied) }
        }
    }
}

fn refuse_assumptions(decision: &mut Decision) {
    decision.verdict = Verdict::Denied;
    decision.no_connect = None;
    let otherwise = match decision.allowlist.take() {
        Some(allowlist) => format!("exempted by `{allowlist}`"),
        None => "admitted".to_owned(),
    };
    let note = format!("denied only because strict mode does not accept assumptions; otherwise {otherwise}");
    decision.notes.push(note);
}
