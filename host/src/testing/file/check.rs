//! The checks of test files beyond their schema.

use std::collections::HashMap;

use hallpass_document::{Diagnostic, Diagnostics};
use hallpass_policy::{Constraint, GkeVersion, Rule};
use serde::Deserialize as _;
use serde::de::IntoDeserializer as _;

use super::{Expect, Item, Setup, TestFile, pointer_to};

impl TestFile<'_> {
    pub(super) fn check(&self, update: bool, diagnostics: &mut Diagnostics) {
        version(&self.spec.setup, "/spec", diagnostics);
        let mut names = HashMap::new();
        for (index, test) in self.spec.tests.iter().enumerate() {
            let pointer = pointer_to(index);
            let name = &test.name;
            if let Some(first) = names.insert(name, index) {
                names.insert(name, first);
                let line = self.parsed.document.locate(&format!("{}/name", pointer_to(first))).line;
                let message = format!("a second test is named `{name}`; the first is on line {line}");
                diagnostics
                    .error(Diagnostic::new(format!("{pointer}/name"), message).help("rename one of them"));
            }
            version(&test.setup, &pointer, diagnostics);
            let matrix =
                test.workload.chart.as_ref().map(|chart| chart.matrix.as_slice()).unwrap_or_default();
            for (variant, file) in matrix.iter().enumerate() {
                if matrix.iter().take(variant).any(|earlier| earlier == file) {
                    let pointer = format!("{pointer}/workload/chart/matrix/{variant}");
                    let message = format!("`{file}` is listed twice");
                    diagnostics.error(Diagnostic::new(pointer, message).help("remove one of them"));
                }
            }
            match &test.expect {
                Some(expect) => {
                    if let Some(contradiction) = contradiction(expect, &format!("{pointer}/expect")) {
                        diagnostics.error(contradiction);
                    }
                    let constraints = expect.constraints.as_deref().unwrap_or_default();
                    let mismatches = expect.mismatches.as_deref().unwrap_or_default();
                    items(
                        constraints,
                        &format!("{pointer}/expect/constraints"),
                        unknown_constraint,
                        diagnostics,
                    );
                    items(mismatches, &format!("{pointer}/expect/mismatches"), unknown_rule, diagnostics);
                }
                None if update => {}
                None => diagnostics.error(
                    Diagnostic::new(format!("{pointer}/expect"), format!("test `{name}` has no `expect`"))
                        .help("add it, or let `hallpass test --update` write the result"),
                ),
            }
        }
    }
}

/// Returns the reason why an expectation cannot be met, or does not state a verdict.
fn contradiction(expect: &Expect, pointer: &str) -> Option<Diagnostic> {
    let mismatches = expect.mismatches.as_ref()?;
    let (message, help) = match (expect.verdict.as_deref(), &expect.allowlist) {
        (Some("denied"), _) => return None,
        (Some(verdict), _) => (
            format!("only a denied workload has `mismatches`, but the expected verdict is `{verdict}`"),
            "remove `mismatches`, or write `verdict: denied`",
        ),
        (None, Some(_)) => (
            "`allowlist` means that the workload is exempted, and `mismatches` that it is denied".to_owned(),
            "write `verdict: denied`, or remove one of them",
        ),
        (None, None) if mismatches.is_empty() => (
            "`mismatches: []` does not say whether the workload is denied".to_owned(),
            "write `verdict: denied` if no loaded allowlist is for the workload, or else another verdict instead of \
             `mismatches`",
        ),
        (None, None) => return None,
    };
    Some(Diagnostic::new(format!("{pointer}/mismatches"), message).in_key().help(help))
}

fn version(setup: &Setup, pointer: &str, diagnostics: &mut Diagnostics) {
    if let Some(Err(error)) = setup.gke_version.as_ref().map(|version| version.parse::<GkeVersion>()) {
        diagnostics.error(
            Diagnostic::new(format!("{pointer}/gkeVersion"), error.to_string())
                .help("copy it from `gcloud container clusters describe`"),
        );
    }
}

fn items(
    items: &[Item],
    pointer: &str,
    unknown: fn(&str, String) -> Option<Diagnostic>,
    diagnostics: &mut Diagnostics,
) {
    for (index, item) in items.iter().enumerate() {
        let at = match item {
            Item::Id(_) => format!("{pointer}/{index}"),
            Item::At { .. } => {
                let field = if pointer.ends_with("mismatches") { "rule" } else { "constraint" };
                format!("{pointer}/{index}/{field}")
            }
        };
        if let Some(error) = unknown(item.id(), at) {
            diagnostics.error(error);
        } else if items.iter().take(index).any(|earlier| earlier == item) {
            let message = format!("`{}` is listed twice", item.id());
            let help = "remove one: an id without a path means one or more; with `path`, list each path once";
            diagnostics.error(Diagnostic::new(format!("{pointer}/{index}"), message).help(help));
        }
    }
}

fn unknown_constraint(id: &str, at: String) -> Option<Diagnostic> {
    let known = Constraint::ALL.into_iter().filter(|constraint| constraint.is_evaluated());
    let mut known = known.map(Constraint::id);
    if known.clone().any(|known| known == id) {
        return None;
    }
    let error = Diagnostic::new(at, format!("no constraint is named `{id}`"));
    Some(error.suggest(id, known.by_ref(), "`hallpass explain` lists all constraints"))
}

/// Returns the error for a rule that cannot mismatch: only the rules of matching can.
fn unknown_rule(id: &str, at: String) -> Option<Diagnostic> {
    let rule: Result<Rule, serde::de::value::Error> = Rule::deserialize(id.into_deserializer());
    if id.starts_with('M') && rule.is_ok() {
        return None;
    }
    let message = format!("`{id}` is not a rule that can mismatch");
    Some(
        Diagnostic::new(at, message)
            .help("write a rule's id, from `M1` to `M12`, as `hallpass explain` lists them"),
    )
}
