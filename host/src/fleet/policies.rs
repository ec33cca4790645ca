//! The allowlists that a fleet compiles to policies.

use std::path::PathBuf;

use hallpass_renderer::WorkloadPolicies;
use hallpass_report::{Installed, parse_all};

use super::Located;
use crate::allowlists;
use crate::input::{self, Caller, Purpose, Selected};
use crate::output::{Problem, Report};
use crate::resolve::resolve;

impl Located<'_> {
    /// Reads the allowlists of each entry of `cel`, relative to the fleet file, and compiles them. Also returns warnings.
    pub(crate) fn policies(&self) -> Result<(WorkloadPolicies, Vec<Problem>), Vec<Problem>> {
        let mut policies = WorkloadPolicies::new(&self.fleet);
        let mut report = Report::default();
        for (index, named) in self.fleet.compiled_allowlists().enumerate() {
            let paths = self.existing(&named, &mut report.errors);
            let Selected { inputs, errors, barren, unbuilt, .. } =
                input::select(&paths, Purpose::Allowlists(Caller::Render));
            report.errors.extend(errors.into_iter().chain(barren));
            let sources = allowlists::read(&inputs, &mut report);
            let parsed = parse_all(input::texts(&sources), &mut report.errors);
            let read: Vec<&PathBuf> = paths.iter().filter(|path| !unbuilt.contains(path)).collect();
            let installed = Installed::new(&parsed, &read, &mut report);
            let faults = policies.load(&self.fleet, index, &installed.set);
            report.errors.extend(faults.errors.iter().map(|fault| self.parsed.problem(fault)));
            report.warnings.extend(faults.warnings.iter().map(|fault| self.parsed.problem(fault)));
        }
        if report.errors.is_empty() { Ok((policies, report.warnings)) } else { Err(report.errors) }
    }

    /// Returns the paths that exist below the folder of the fleet, and reports the others.
    fn existing(&self, named: &[(&str, String)], problems: &mut Vec<Problem>) -> Vec<PathBuf> {
        let folder = self.folder();
        let mut paths = Vec::new();
        for (path, pointer) in named {
            match input::below(folder, path) {
                Ok(_) => paths.push(resolve(folder, path)),
                Err(reason) => problems.push(self.problem(
                    pointer.clone(),
                    format!("allowlist path `{path}` {reason}"),
                    "write the path relative to the fleet file, or remove it from `allowlists`",
                )),
            }
        }
        paths
    }
}
