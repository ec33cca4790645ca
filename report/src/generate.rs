//! The result of `hallpass generate`: the allowlists for the workloads of files.

mod name;
mod read;

use hallpass_author::generate as author;
use hallpass_author::generate::{Input, Settings};
use hallpass_document::{Diagnostic, visible};
use hallpass_edit::yaml_with;
use hallpass_policy::Profile;
use serde::Serialize;

use crate::problem::Problem;

pub use name::object_name;
pub use read::{Needed, Source, Text, documents, needed};

/// The allowlists for all files.
#[derive(Debug, Default, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Generation {
    /// The allowlists as YAML, with comments: the output of `hallpass generate`. Absent if something cannot be read, or if
    /// no allowlist can exempt one of the workloads, because a part would look like the whole.
    pub yaml: Option<String>,
    /// The allowlists in `yaml`, in its order.
    pub allowlists: Vec<GeneratedAllowlist>,
    /// The workloads that are admitted without an allowlist.
    pub admitted: Vec<WorkloadPlace>,
    /// Why `yaml` is absent.
    pub errors: Vec<Problem>,
}

/// An allowlist that was generated.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct GeneratedAllowlist {
    /// Its name.
    pub name: String,
    /// The workloads that it exempts.
    pub exempts: Vec<WorkloadPlace>,
    /// With `merge`: why its workloads are not in the first allowlist for their variants.
    pub separate: Option<String>,
    /// What a person should know or decide: the comments in its YAML.
    pub remarks: Vec<GeneratedRemark>,
}

/// A comment on a part of a generated allowlist.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct GeneratedRemark {
    /// JSON pointer to the part, from the allowlist object.
    pub path: String,
    /// The comment. It starts with `decide` where a person must decide.
    pub message: String,
}

/// A workload in a file.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct WorkloadPlace {
    /// The name of the file.
    pub file: String,
    /// The line of the object.
    pub line: u32,
    /// The kind.
    #[cfg_attr(feature = "typescript", ts(as = "hallpass_policy::WorkloadKind"))]
    pub kind: &'static str,
    /// The namespace.
    pub namespace: Option<String>,
    /// `metadata.name`, or `metadata.generateName`.
    pub name: Option<String>,
}

/// The reason why nothing is generated.
#[derive(Debug)]
pub enum Failure {
    /// Input that cannot be read.
    Input(Vec<Problem>),
    /// Workloads that no allowlist can exempt.
    Denied(Vec<Problem>),
}

impl From<Failure> for Generation {
    fn from(failure: Failure) -> Self {
        let (Failure::Input(errors) | Failure::Denied(errors)) = failure;
        Generation { errors, ..Generation::default() }
    }
}

/// Generates the allowlists that exempt every workload of the texts from the constraints of a profile.
///
/// # Errors
/// Some input cannot be read, or a workload cannot be exempted.
pub fn generate(texts: &[Text], profile: &Profile, settings: &Settings) -> Result<Generation, Failure> {
    let documents = documents(texts)?;
    let needed = needed(&documents, profile)?;
    generate_for(&needed.iter().collect::<Vec<_>>(), settings)
}

/// Generates the allowlists that exempt workloads.
///
/// # Errors
/// A workload cannot be exempted.
pub fn generate_for(needed: &[&Needed<'_>], settings: &Settings) -> Result<Generation, Failure> {
    let result = author::generate(&inputs(needed), settings);
    if !result.refusals.is_empty() {
        return Err(Failure::Denied(problems(&result.refusals, needed)));
    }
    let admitted =
        result.admitted.iter().filter_map(|index| needed.get(*index)).map(|needed| needed.place()).collect();
    let allowlists = result.allowlists.iter().map(|generated| summary(generated, &result, needed)).collect();
    Ok(Generation { yaml: Some(yaml(&result, needed)), allowlists, admitted, errors: Vec::new() })
}

/// Returns workloads as inputs of the generator.
#[must_use]
pub fn inputs<'n>(needed: &[&'n Needed<'n>]) -> Vec<Input<'n, 'n>> {
    let input =
        |needed: &&'n Needed<'n>| Input { workload: &needed.workload, violations: &needed.violations };
    needed.iter().map(input).collect()
}

fn problems(refusals: &[author::Refusal], needed: &[&Needed<'_>]) -> Vec<Problem> {
    let problem = |refusal: &author::Refusal| {
        let fault = Diagnostic::new(refusal.path.clone(), refusal.message.clone()).help(refusal.help);
        Some(needed.get(refusal.workload)?.source.problem(&fault))
    };
    refusals.iter().filter_map(problem).collect()
}

fn summary(
    generated: &author::Generated,
    result: &author::Result,
    needed: &[&Needed<'_>],
) -> GeneratedAllowlist {
    let remarks = generated.remarks.iter();
    GeneratedAllowlist {
        name: name(generated).to_owned(),
        exempts: generated
            .exempts
            .iter()
            .filter_map(|index| needed.get(*index))
            .map(|needed| needed.place())
            .collect(),
        separate: separate(generated, result),
        remarks: remarks
            .map(|remark| GeneratedRemark { path: remark.path.clone(), message: remark.text.clone() })
            .collect(),
    }
}

fn name(generated: &author::Generated) -> &str {
    let name = generated.allowlist.get("metadata").and_then(|metadata| metadata.get("name")?.as_str());
    name.unwrap_or_default()
}

/// Returns the reason why the allowlist is not the first one for its variants.
fn separate(generated: &author::Generated, result: &author::Result) -> Option<String> {
    let separate = generated.separate.as_ref()?;
    let first = name(result.allowlists.get(separate.first)?);
    let verb = if separate.differing.len() == 1 { "differs" } else { "differ" };
    let differing = separate.differing.join(" and ");
    Some(format!("separate from `{first}`, because one allowlist cannot admit both: {differing} {verb}"))
}

/// Returns the allowlists as documents, and the names of the workloads that need none.
fn yaml(result: &author::Result, needed: &[&Needed<'_>]) -> String {
    let mut documents: Vec<String> =
        result.allowlists.iter().map(|generated| document(generated, result, needed)).collect();
    if !result.admitted.is_empty() {
        let names = titles(&result.admitted, needed);
        documents.insert(0, comment(&format!("admitted without an allowlist: {names}")));
    }
    documents.join("---\n")
}

/// Returns one allowlist, with comments. If there are several, each has a comment with its workloads, and the reason why it is
/// separate.
fn document(generated: &author::Generated, result: &author::Result, needed: &[&Needed<'_>]) -> String {
    let remarks = |at: &str| {
        let remarks = generated.remarks.iter().filter(|remark| remark.path == at);
        remarks.map(|remark| remark.text.as_str()).collect()
    };
    let yaml = yaml_with(&generated.allowlist, remarks);
    if result.allowlists.len() == 1 {
        return yaml;
    }
    let workloads = format!("for {}", titles(&generated.exempts, needed));
    let comments = [Some(workloads), separate(generated, result)].into_iter().flatten();
    comments.map(|text| comment(&text)).collect::<String>() + &yaml
}

fn titles(workloads: &[usize], needed: &[&Needed<'_>]) -> String {
    let titles: Vec<String> =
        workloads.iter().filter_map(|index| Some(needed.get(*index)?.title())).collect();
    titles.join(", ")
}

fn comment(text: &str) -> String {
    format!("# {}\n", visible(text))
}
