//! `hallpass generate --from`: extends the allowlists in a file.

mod further;

use std::path::PathBuf;

use hallpass_document::nearest;
use hallpass_edit::{Editor, Refusal};
use hallpass_policy::Profile;
use hallpass_report::difference::DifferenceReport;
use hallpass_report::generate::{Failure, Needed, inputs};
use hallpass_report::{Installed, Unserved, extend, parse_all};

use super::Written;
use crate::allowlists;
use crate::cli::Generate;
use crate::input::{self, Purpose};
use crate::output::{Problem, Report, pretty};

/// Returns the file with the additions, and allowlists for the workloads that no addition can admit.
pub(super) fn write(
    arguments: &Generate,
    old: &PathBuf,
    needed: &[&Needed<'_>],
    profile: &Profile,
) -> Result<Written, Failure> {
    let mut report = Report::default();
    let files = input::select(std::slice::from_ref(old), Purpose::Files).inputs(&mut report.errors);
    let sources = allowlists::read(&files, &mut report);
    let parsed = parse_all(input::texts(&sources), &mut report.errors);
    let installed = Installed::new(&parsed, std::slice::from_ref(old), &mut report);
    if !report.errors.is_empty() {
        return Err(Failure::Input(report.errors));
    }
    let [(file, bytes)] = sources.as_slice() else {
        let problem = Problem::new(&old.display().to_string(), "several files cannot be extended at once");
        return Err(Failure::Input(vec![problem.help("name one file")]));
    };
    let name = arguments.name.as_deref();
    if let Some(name) = name.filter(|name| installed.set.named(name).is_none()) {
        return Err(Failure::Input(vec![unknown(file, name, &installed)]));
    }
    let extended = extend(bytes, &installed, name, &inputs(needed), profile)
        .map_err(|problem| Failure::Input(vec![*problem]))?;
    let unserved: Vec<(&Needed<'_>, Unserved)> = extended
        .unserved
        .into_iter()
        .filter_map(|unserved| Some((*needed.get(unserved.workload)?, unserved)))
        .collect();
    let further = further::allowlists(arguments, &unserved, &installed)?;
    let further: Vec<Written> = further.into_iter().map(Written::of).collect();
    let texts: Vec<&str> = further.iter().map(|written| written.text.as_str()).collect();
    let new = match texts.is_empty() {
        false => with_document(&extended.text, &texts.join("---\n"))
            .map_err(|refusal| Failure::Input(vec![refused(file, &refusal)]))?,
        true => extended.text,
    };
    let notes = further.into_iter().flat_map(|written| written.notes).collect();
    let additions = additions(arguments, (file, bytes), &new)?;
    Ok(Written { text: new, additions: Some(additions), notes })
}

fn with_document(text: &str, yaml: &str) -> Result<String, Refusal> {
    Editor::new(text.as_bytes())?.finish_with(yaml)
}

fn refused(file: &str, refusal: &Refusal) -> Problem {
    Problem::new(file, format!("a further allowlist is needed, but {}", refusal.reason)).help(&*refusal.help)
}

fn unknown(file: &str, name: &str, installed: &Installed<'_>) -> Problem {
    let names: Vec<&str> = installed.set.iter().map(|allowlist| allowlist.name).collect();
    let help = match nearest(name, names.iter().copied()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("it contains {}", names.join(", ")),
    };
    Problem::new(file, format!("no allowlist is named `{name}`")).help(help)
}

/// Returns the things that workloads may do under the new text and not under the old one, by risk.
fn additions(arguments: &Generate, old: (&str, &[u8]), text: &str) -> Result<String, Failure> {
    let output = arguments.output.as_ref().or(arguments.from.as_ref());
    let name = output.map(|path| path.display().to_string()).unwrap_or_default();
    let difference = DifferenceReport::additions(old, (name.as_str(), text.as_bytes()));
    match difference.errors.is_empty() {
        true => Ok(pretty::difference::render(&difference, false, pretty::width())),
        false => Err(Failure::Input(difference.errors)),
    }
}
