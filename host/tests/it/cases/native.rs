//! The engine as the command line runs it: the reader, then the policy.

use hallpass_document::{Diagnostic, Position};
use hallpass_policy::{
    AllowlistSet, Decision, Manifest, Options, Profile, Role, Workload, WorkloadKind, decide, manifests,
};
use hallpass_reader::{Document, Documents, Location, read, read_settings};

use super::file::Case;
use super::outcome::{Finding, Outcome, Place, Problem, With};

pub(crate) fn judge(case: &Case) -> Outcome {
    let mut outcome = Outcome::default();
    let Some(profile) = profile(case, &mut outcome) else {
        outcome.verdicts.push("error".to_owned());
        return outcome;
    };
    outcome.not_evaluated = profile.not_evaluated().to_vec();
    let target = case.gke_version.as_ref().map(|version| version.parse().unwrap());
    let options = Options { profile: &profile, target, strict: case.strict };

    let texts: Vec<Vec<Document<'_>>> =
        case.allowlists().iter().map(|text| documents(read(text.as_bytes()), &mut outcome)).collect();
    let mut found = Vec::new();
    let mut documents_of = Vec::new();
    for document in texts.iter().flatten() {
        for (manifest, role) in objects(document, &mut outcome) {
            assert_eq!(role, Role::Allowlist, "`{}`: only allowlists can be installed", case.name);
            found.push(manifest);
            documents_of.push(document);
        }
    }
    let load = AllowlistSet::load(&found);
    for (index, faults) in &load.invalid {
        outcome.errors.extend(faults.iter().map(|fault| problem(fault, documents_of[*index])));
    }
    outcome.warnings.extend(load.warnings.iter().map(|(index, fault)| problem(fault, documents_of[*index])));
    for duplicate in &load.duplicates {
        let (manifest, document) = (&found[duplicate.manifest], documents_of[duplicate.manifest]);
        let path = format!("{}/metadata/name", manifest.pointer);
        outcome.errors.push(Problem {
            message: format!("another allowlist is named `{}` as well", manifest.name().unwrap()),
            help: None,
            place: place(&path, document.locate(&path)),
        });
    }
    let owners = found.iter().zip(&documents_of);
    let owners = owners.map(|(found, of)| (found.name().unwrap_or_default(), (*of, found.pointer.clone())));
    let (set, owners) = (load.set, owners.collect());
    let installed = Installed { set, owners, options };

    let bytes = match case.latin1 {
        true => case.workload.chars().map(|c| u8::try_from(c).unwrap()).collect(),
        false => case.workload.clone().into_bytes(),
    };
    let errors_elsewhere = outcome.errors.len();
    for document in documents(hallpass_report::read_workloads(&bytes), &mut outcome) {
        outcome.warnings.extend(document.duplicates().iter().cloned().map(read_problem));
        for (manifest, role) in objects(&document, &mut outcome) {
            match role {
                Role::Workload(kind) => installed.judge(&document, &manifest, kind, &mut outcome),
                Role::Allowlist | Role::Other => outcome.skipped += 1,
            }
        }
    }
    if outcome.errors.len() > errors_elsewhere {
        outcome.verdicts.push("error".to_owned());
    }
    outcome
}

struct Installed<'s> {
    set: AllowlistSet<'s>,
    /// Each allowlist's name, its document, and its location in the document.
    owners: Vec<(&'s str, (&'s Document<'s>, String))>,
    options: Options<'s>,
}

impl Installed<'_> {
    fn judge(
        &self,
        document: &Document<'_>,
        manifest: &Manifest<'_>,
        kind: WorkloadKind,
        outcome: &mut Outcome,
    ) {
        match Workload::read(manifest, kind) {
            Ok(read) => {
                outcome.warnings.extend(read.warnings.iter().map(|fault| problem(fault, document)));
                self.add(document, decide(&read.workload, &self.set, &self.options), outcome);
            }
            Err(faults) => outcome.errors.extend(faults.iter().map(|fault| problem(fault, document))),
        }
    }

    fn add(&self, document: &Document<'_>, decision: Decision, outcome: &mut Outcome) {
        outcome.verdicts.push(decision.verdict.name().to_owned());
        outcome.allowlist = decision.allowlist;
        outcome.no_connect = decision.no_connect;
        outcome.assumptions.extend(decision.assumptions.iter().map(|assumption| assumption.rule.to_string()));
        outcome.violations.extend(decision.violations.into_iter().map(|violation| Finding {
            of: violation.constraint.id().to_owned(),
            message: violation.message,
            place: place(
                &violation.path,
                if violation.in_key {
                    document.locate_key(&violation.path)
                } else {
                    document.locate(&violation.path)
                },
            ),
            with: None,
        }));
        outcome.mismatches.extend(decision.mismatches.into_iter().map(|mismatch| Finding {
            of: mismatch.rule.to_string(),
            message: mismatch.message,
            place: place(&mismatch.path, document.locate(&mismatch.path)),
            with: Some(With {
                place: mismatch.allowlist_path.map(|path| {
                    let owner = self.owners.iter().find(|(name, _)| *name == mismatch.allowlist);
                    let (document, root) = &owner.unwrap().1;
                    let path = format!("{root}{path}");
                    place(&path, document.locate(&path))
                }),
                allowlist: mismatch.allowlist,
                considered: mismatch.considered,
                workload: mismatch.workload,
                expected: mismatch.expected,
                help: mismatch.help,
            }),
        }));
    }
}

/// `None` if the case's profile is invalid: no other profile can replace it.
fn profile(case: &Case, outcome: &mut Outcome) -> Option<Profile> {
    let Some(text) = &case.profile else { return Some(Profile::autopilot()) };
    let found = documents(read_settings(text.as_bytes()), outcome);
    let [document] = found.as_slice() else { return None };
    match Profile::read(document.root()) {
        Ok(profile) => Some(profile),
        Err(faults) => {
            outcome.errors.extend(faults.iter().map(|fault| problem(fault, document)));
            None
        }
    }
}

fn documents<'b>(read: Documents<'b>, outcome: &mut Outcome) -> Vec<Document<'b>> {
    let mut documents = Vec::new();
    for document in read {
        match document {
            Ok(document) => documents.push(document),
            Err(error) => outcome.errors.push(read_problem(error)),
        }
    }
    documents
}

/// Returns the objects of a document with their roles, except those without one.
fn objects<'d>(document: &'d Document<'_>, outcome: &mut Outcome) -> Vec<(Manifest<'d>, Role)> {
    let (found, faults) = manifests(document.root());
    outcome.errors.extend(faults.iter().map(|fault| problem(fault, document)));
    let mut objects = Vec::new();
    for manifest in found {
        match manifest.role() {
            Ok(role) => objects.push((manifest, role)),
            Err(fault) => outcome.errors.push(problem(&fault, document)),
        }
    }
    objects
}

fn problem(fault: &Diagnostic, document: &Document<'_>) -> Problem {
    let location = if fault.in_key { document.locate_key(&fault.path) } else { document.locate(&fault.path) };
    Problem { message: fault.message.clone(), help: fault.help.clone(), place: place(&fault.path, location) }
}

fn read_problem(error: Diagnostic) -> Problem {
    let Diagnostic { position, path, message, help, .. } = error;
    let Position { line, column, .. } = position.unwrap();
    Problem { message, help, place: Place { path, line, column, anchor: None } }
}

fn place(path: &str, location: Location<'_>) -> Place {
    Place {
        path: path.to_owned(),
        line: location.line,
        column: location.column,
        anchor: location.anchor.map(str::to_owned),
    }
}
