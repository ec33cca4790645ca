//! Extends allowlists until they exempt workloads. It only adds entries, so that they still exempt all other workloads.

mod addition;
mod tree;

use hallpass_author::generate::Input;
use hallpass_document::{Diagnostic, Value};
use hallpass_edit::{Editor, Refusal, yaml};
use hallpass_policy::{AllowlistSet, Options, Profile, Verdict, decide, manifests};

use crate::allowlists::{Installed, Parsed};
use crate::problem::Problem;
use addition::additions;
use tree::{added, grow, merge, owned, remove};

/// A file with allowlists, after additions.
#[derive(Clone, Debug)]
pub struct Extended {
    /// The text of the file.
    pub text: String,
    /// The workloads that no allowlist of the file can exempt.
    pub unserved: Vec<Unserved>,
}

/// A workload that no allowlist can exempt after additions.
#[derive(Clone, Debug)]
pub struct Unserved {
    /// Its index.
    pub workload: usize,
    /// The mismatch of the first allowlist that it may use; `None` if it may use none of them.
    pub reason: Option<String>,
}

/// An allowlist of the file.
struct List<'l> {
    source: &'l Parsed<'l>,
    /// JSON pointer to it in its document.
    root: String,
    name: &'l str,
    old: Value<'static>,
    new: Value<'static>,
}

/// Extends the allowlists in a file, or only the one with this name, until they exempt the workloads.
///
/// Additions go to the allowlist that the label of a workload names, or to the one that needs the fewest additions. All other
/// bytes of the file stay, and every added entry is necessary.
///
/// # Errors
/// The notation of the file cannot be edited.
pub fn extend(
    bytes: &[u8],
    installed: &Installed<'_>,
    only: Option<&str>,
    inputs: &[Input<'_, '_>],
    profile: &Profile,
) -> Result<Extended, Box<Problem>> {
    let options = Options::new(profile);
    let mut lists = lists(installed);
    let mut unserved = Vec::new();
    let mut served = Vec::new();
    for (index, input) in inputs.iter().enumerate() {
        if input.violations.is_empty() {
            continue;
        }
        if !are_exempted(&lists, &[*input], &options) {
            let label = input.workload.matching_label.as_ref().map(|label| label.allowlist);
            let fits = |list: &&mut List<'_>| {
                only.is_none_or(|name| name == list.name) && label.is_none_or(|label| label == list.name)
            };
            let mut reasons = Vec::new();
            let candidates = lists.iter_mut().filter(fits);
            let extended = candidates.filter_map(|list| {
                let new = extended(list, input, &options).map_err(|reason| reasons.push(reason)).ok()?;
                Some((added(&list.new, &new).len(), list, new))
            });
            match extended.min_by_key(|(count, ..)| *count) {
                Some((_, list, new)) => list.new = new,
                None => {
                    unserved.push(Unserved { workload: index, reason: reasons.into_iter().next() });
                    continue;
                }
            }
        }
        served.push(*input);
    }
    leave_out(&mut lists, &served, &options);
    let text = write(bytes, &lists)?;
    Ok(Extended { text, unserved })
}

fn lists<'l>(installed: &'l Installed<'_>) -> Vec<List<'l>> {
    let found = installed.manifests.iter().filter_map(|manifest| {
        let name = manifest.name()?;
        let (source, root) = installed.source(name, "")?;
        let old = owned(source.document.get(&root)?);
        Some(List { source, root, name, new: old.clone(), old })
    });
    found.collect()
}

/// Returns an allowlist that exempts one more workload. The error is a mismatch that additions do not resolve.
fn extended(list: &List<'_>, input: &Input<'_, '_>, options: &Options<'_>) -> Result<Value<'static>, String> {
    let mut tree = list.new.clone();
    loop {
        // Only a document can resolve a mismatch; positions do not matter.
        let text = yaml(&tree);
        let Some(Ok(document)) = hallpass_reader::read(text.as_bytes()).next() else {
            return Err("it cannot be read again".to_owned());
        };
        let set = AllowlistSet::load(&manifests(document.root()).0).set;
        let decision = decide(input.workload, &set, options);
        if decision.verdict == Verdict::Exempted {
            return Ok(tree);
        }
        let before = tree.clone();
        let additions = additions(input.workload, &document, &decision.mismatches);
        for (path, value) in additions.map_err(|mismatch| mismatch.message.clone())? {
            if let Some(at) = tree.at_mut(&path) {
                merge(at, value);
            }
        }
        if tree == before {
            let first = decision.mismatches.into_iter().next();
            return Err(first.map_or_else(String::new, |mismatch| mismatch.message));
        }
    }
}

fn are_exempted(lists: &[List<'_>], inputs: &[Input<'_, '_>], options: &Options<'_>) -> bool {
    let found: Vec<_> = lists.iter().flat_map(|list| manifests(&list.new).0).collect();
    let set = AllowlistSet::load(&found).set;
    inputs.iter().all(|input| decide(input.workload, &set, options).verdict == Verdict::Exempted)
}

/// Removes additions that later ones have made unnecessary.
fn leave_out(lists: &mut [List<'_>], inputs: &[Input<'_, '_>], options: &Options<'_>) {
    for index in 0..lists.len() {
        let Some(all) = lists.get(index).map(|list| added(&list.old, &list.new)) else { continue };
        // From the end, so that the indexes before it stay.
        for pointer in all.iter().rev() {
            let Some(list) = lists.get_mut(index) else { continue };
            let mut less = list.new.clone();
            remove(&mut less, pointer);
            let before = std::mem::replace(&mut list.new, less);
            if !are_exempted(lists, inputs, options)
                && let Some(list) = lists.get_mut(index)
            {
                list.new = before;
            }
        }
    }
}

/// Returns the file with the additions.
fn write(bytes: &[u8], lists: &[List<'_>]) -> Result<String, Box<Problem>> {
    let refused = |list: &List<'_>, pointer: &str, refusal: &Refusal| {
        let message = format!("this cannot be extended: {}", refusal.reason);
        let fault = Diagnostic::new(format!("{}{pointer}", list.root), message);
        Box::new(list.source.problem(&fault.help(refusal.help.as_str())))
    };
    let Some(first) = lists.first() else { return Ok(String::from_utf8_lossy(bytes).into_owned()) };
    let mut editor = Editor::new(bytes).map_err(|refusal| refused(first, "", &refusal))?;
    for list in lists {
        let document = &list.source.document;
        grow(&mut editor, document, &list.root, &list.old, &list.new).map_err(|(pointer, refusal)| {
            refused(list, pointer.strip_prefix(&list.root).unwrap_or_default(), &refusal)
        })?;
    }
    let text = editor.finish();
    let documents: Vec<_> = hallpass_reader::read(text.as_bytes()).collect();
    for list in lists {
        let new = documents.get(list.source.document.index()).and_then(|document| document.as_ref().ok());
        if new.and_then(|document| document.get(&list.root)) != Some(&list.new) {
            let refusal = Refusal::new("the edited file would have another meaning", "edit it by hand");
            return Err(refused(list, "", &refusal));
        }
    }
    Ok(text)
}
