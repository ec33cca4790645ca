//! Allowlists for the workloads that no addition can admit.

use std::collections::{BTreeMap, BTreeSet};

use hallpass_document::Diagnostic;
use hallpass_report::generate::{Failure, Generation, Needed, generate_for};
use hallpass_report::{Installed, Unserved};

use super::super::settings;
use crate::cli::Generate;
use crate::output::Problem;

/// Returns the additional allowlists, if any are needed. A label selects an allowlist by its name, so a workload with a label
/// only gets one with that name.
pub(super) fn allowlists(
    arguments: &Generate,
    unserved: &[(&Needed<'_>, Unserved)],
    installed: &Installed<'_>,
) -> Result<Vec<Generation>, Failure> {
    let (mut labelled, mut others) = (BTreeMap::<&str, Vec<&Needed<'_>>>::new(), Vec::new());
    let mut errors = Vec::new();
    for (needed, unserved) in unserved {
        match label(needed) {
            None => others.push(*needed),
            Some(name) => match conflict(arguments, name, unserved, installed) {
                Some((message, help)) => errors.push(refused(needed, message, &help)),
                None => labelled.entry(name).or_default().push(needed),
            },
        }
    }
    let mut taken: BTreeSet<&str> = installed.set.iter().map(|allowlist| allowlist.name).collect();
    taken.extend(labelled.keys());
    let mut found = Vec::new();
    for (name, needed) in &labelled {
        let generation = generate_for(needed, &settings(arguments, Some((*name).to_owned())))?;
        if generation.allowlists.len() > 1 {
            let message = format!(
                "this label selects `{name}`, and one allowlist cannot exempt all {} workloads with it",
                needed.len()
            );
            let help = "use `--merge` for variants of one workload; otherwise give them different labels";
            errors.extend(needed.first().map(|first| refused(first, message, help)));
        }
        found.push(generation);
    }
    if !errors.is_empty() {
        return Err(Failure::Denied(errors));
    }
    if !others.is_empty() {
        found.push(unlabelled(arguments, &others, &taken)?);
    }
    Ok(found)
}

fn label<'n>(needed: &'n Needed<'_>) -> Option<&'n str> {
    needed.workload.matching_label.as_ref().map(|label| label.allowlist)
}

/// Returns the reason why no additional allowlist serves a workload with this label, and what to do.
fn conflict(
    arguments: &Generate,
    label: &str,
    unserved: &Unserved,
    installed: &Installed<'_>,
) -> Option<(String, String)> {
    if let Some(name) = arguments.name.as_deref().filter(|name| *name != label) {
        let message = format!("the label of this workload selects `{label}`, and `--name` selects `{name}`");
        return Some((message, "omit `--name`, or change the label".to_owned()));
    }
    installed.set.named(label)?;
    let reason = unserved.reason.as_deref().unwrap_or_default();
    let message = format!("this label selects `{label}`, which no addition makes match: {reason}");
    let help =
        "change the label, and run this again to get an allowlist of that name; or change the workload";
    Some((message, help.to_owned()))
}

fn refused(needed: &Needed<'_>, message: String, help: &str) -> Problem {
    let path = needed.workload.matching_label.as_ref().map(|label| label.path.clone());
    needed.source.problem(&Diagnostic::new(path.unwrap_or_default(), message).help(help))
}

/// Generates allowlists whose names are not taken.
fn unlabelled(
    arguments: &Generate,
    needed: &[&Needed<'_>],
    taken: &BTreeSet<&str>,
) -> Result<Generation, Failure> {
    let (mut name, mut number) = (None, 1_u32);
    loop {
        let generation = generate_for(needed, &settings(arguments, name))?;
        let mut names = generation.allowlists.iter().map(|generated| generated.name.as_str());
        let Some(repeated) = names.find(|name| taken.contains(name)) else { return Ok(generation) };
        let stem = repeated.rsplit_once('-').filter(|(_, end)| *end == number.to_string());
        number += 1;
        name = Some(format!("{}-{number}", stem.map_or(repeated, |(stem, _)| stem)));
    }
}
