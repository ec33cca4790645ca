//! Applies the exceptions to a report, and reports those without an effect.

use hallpass_policy::Constraint;
use hallpass_report::{Coverage, Exception};
use jiff::civil::Date;

use super::Config;
use super::settings::Scope;
use crate::output::{Problem, Report};

impl Config<'_> {
    /// Marks the known denials of a complete report. Reports exceptions that cover nothing, if the run could have
    /// used them.
    pub(crate) fn except(&self, report: &mut Report, today: Date, strict: bool, scope: Scope) {
        let coverage = report.except(&self.exceptions, today, strict);
        let is_conclusive = report.errors.is_empty() && scope != Scope::Part;
        for (index, (exception, Coverage { expired, unused })) in
            self.exceptions.iter().zip(coverage).enumerate()
        {
            if expired {
                report.warnings.extend(self.expired(index, exception));
            } else if is_conclusive {
                let problems = match scope {
                    Scope::Unknown => &mut report.notes,
                    _ => &mut report.warnings,
                };
                if unused.len() == exception.constraints.len() {
                    problems.push(self.unused(index, scope));
                } else {
                    problems.extend(unused.iter().filter_map(|it| self.unused_constraint(index, *it, scope)));
                }
            }
        }
    }

    fn expired(&self, index: usize, exception: &Exception) -> Option<Problem> {
        let last = exception.expires?;
        Some(self.problem(
            format!("/exceptions/{index}/expires"),
            format!("this exception covers nothing: it has expired, its last day was {last}"),
            "remove it, or decide again and write a later day",
        ))
    }

    fn unused(&self, index: usize, scope: Scope) -> Problem {
        let message = "this exception covers no violation".to_owned();
        self.problem(format!("/exceptions/{index}"), message, help("remove it", scope))
    }

    fn unused_constraint(&self, index: usize, constraint: Constraint, scope: Scope) -> Option<Problem> {
        let written = &self.written.exceptions.get(index)?.constraints;
        let place = written.iter().position(|id| id == constraint.id())?;
        let message = format!("this exception covers no violation of `{}`", constraint.id());
        let pointer = format!("/exceptions/{index}/constraints/{place}");
        Some(self.problem(pointer, message, help("remove the constraint from it", scope)))
    }
}

fn help(remove: &str, scope: Scope) -> String {
    match scope {
        Scope::Unknown => format!(
            "{remove}; if this run checks only some of your manifests, list all of them under `paths` of the config"
        ),
        Scope::All | Scope::Part => remove.to_owned(),
    }
}
