//! The outcome of a round for each file.

use std::collections::{BTreeMap, BTreeSet};

use crate::claim::covers;
use crate::cluster::InForce;
use crate::round::{PathProblem, Round};
use crate::status::Outcome;

/// The result of the step of a file. A failure has a reason, and is temporary or not.
pub(crate) type Written = Result<InForce, (String, bool)>;

/// Returns the outcome of each file for the status, and whether a failure is temporary. `in_force` are the files with an
/// allowlist in force after the round, in any version.
pub(crate) fn outcomes(
    round: &Round,
    written: BTreeMap<&str, Written>,
    in_force: &BTreeSet<&str>,
) -> (BTreeMap<String, Outcome>, bool) {
    let mut temporary = false;
    let mut outcomes = BTreeMap::new();
    for (path, result) in written {
        let outcome = match result {
            Ok(InForce { revision, .. }) => Outcome::Installed { generation: revision.generation },
            Err((message, may_pass)) => {
                temporary |= may_pass;
                Outcome::Problem { message, in_force: in_force.contains(path) }
            }
        };
        outcomes.insert(path.to_owned(), outcome);
    }
    for (path, problem) in &round.paths {
        temporary |= matches!(problem, PathProblem::Unlisted(_));
        // A folder that cannot be listed says nothing about its files, so they stay as they are.
        let stale = in_force.iter().filter(|file| covers(path, file) && !round.files.contains_key(**file));
        let mut concerned: Vec<&str> = stale.copied().collect();
        let in_force = !concerned.is_empty();
        if !in_force {
            concerned.push(path);
        }
        for path in concerned {
            let message = problem.message().to_owned();
            outcomes.insert(path.to_owned(), Outcome::Problem { message, in_force });
        }
    }
    (outcomes, temporary)
}
