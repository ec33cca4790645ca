//! `hallpass compile`: ValidatingAdmissionPolicies that decide as hallpass does.

use std::path::Path;

use clap::error::ErrorKind;
use hallpass_compile::{Binding, Compiled, Exempt, HIGHEST_COST, LARGEST_POLICY, Options, Policy, compile};
use hallpass_renderer::tree::{Tree, check, write};
use hallpass_renderer::{File, compiled};
use hallpass_report::{Installed, parse_all};

use crate::allowlists;
use crate::cli::Compile;
use crate::exit::Exit;
use crate::input::{self, Caller, Purpose};
use crate::output::pretty::render::print_tree;
use crate::output::{Problem, Report, pretty, write_stdout};
use crate::profile;
use crate::reads::stdin_twice;
use crate::rendered::TreeReport;

pub(crate) fn run(arguments: &Compile) -> Exit {
    if let Some(message) = stdin_twice(arguments.allowlists.iter().chain([&arguments.profile])) {
        return super::usage("compile", ErrorKind::ArgumentConflict, message);
    }
    let mut report = Report::default();
    let compiled = match compiled_from(arguments, &mut report) {
        Some(compiled) if report.errors.is_empty() => compiled,
        _ => return refuse(arguments, report.errors),
    };
    let files: Vec<File> = compiled.policies.iter().map(file).collect();
    if !arguments.quiet {
        pretty::print_notes(&[size(&compiled)]);
    }
    match &arguments.output {
        Some(folder) => deliver(arguments, folder, &files, report.warnings),
        None => {
            if !arguments.quiet {
                pretty::print_warnings(&report.warnings);
            }
            let text: Vec<&str> = files.iter().map(|file| file.contents.as_str()).collect();
            write_stdout(text.join("---\n").as_bytes(), Exit::Success)
        }
    }
}

fn compiled_from(arguments: &Compile, report: &mut Report) -> Option<Compiled> {
    let profile = profile::load(&arguments.profile).map_err(|errors| report.errors.extend(errors)).ok();
    let inputs =
        input::select(&arguments.allowlists, Purpose::Allowlists(Caller::Compile)).inputs(&mut report.errors);
    let texts = allowlists::read(&inputs, report);
    let parsed = parse_all(input::texts(&texts), &mut report.errors);
    let installed = Installed::new(&parsed, &arguments.allowlists, report);
    let profile = profile?;
    let bindings: Vec<Binding> = arguments.bind.iter().map(|bind| bind.0.clone()).collect();
    let compiled = compile(
        &installed.set,
        &Options {
            name: &arguments.name,
            profile: &profile.profile,
            target: arguments.gke_version,
            shard: arguments.shard,
            exempt: &Exempt { users: arguments.exempt_user.clone(), groups: arguments.exempt_group.clone() },
            excluded_namespaces: &arguments.exclude_namespace,
            bindings: &bindings,
        },
    );
    report.errors.extend(
        compiled.excesses().iter().map(|excess| Problem::new("", excess.to_string()).help(excess.help())),
    );
    report.warnings.extend(compiled.too_new.iter().map(|(name, minimum)| {
        Problem::new("", format!("allowlist `{name}` needs GKE {minimum}: it admits nothing on this cluster"))
    }));
    Some(compiled)
}

/// Returns a note on how near the policies are to the API server's limits.
fn size(compiled: &Compiled) -> Problem {
    let largest = compiled.policies.iter().map(Policy::size).max().unwrap_or_default();
    let cost = compiled.policies.iter().map(|policy| policy.cost).max().unwrap_or_default();
    let which = match compiled.policies.len() {
        1 => "the policy has".to_owned(),
        count => format!("the largest of {count} policies has"),
    };
    let message = format!(
        "{which} {} KB of {} KB, and an evaluation costs up to {} % of the API server's limit for a workload \
         like one that an allowlist describes",
        largest.div_ceil(1000),
        LARGEST_POLICY / 1000,
        (100 * cost).div_ceil(HIGHEST_COST)
    );
    Problem::new("", message)
}

fn file(policy: &Policy) -> File {
    File { path: format!("{}.yaml", policy.name), contents: compiled::text(policy) }
}

fn deliver(arguments: &Compile, folder: &Path, files: &[File], warnings: Vec<Problem>) -> Exit {
    let tree = Tree { first_line: compiled::FIRST_LINE, head: compiled::HEAD, files, allowlists: &[] };
    let mut report = if arguments.check {
        TreeReport::of_check(folder, check(folder, &tree))
    } else {
        TreeReport::of_write(folder, write(folder, &tree))
    };
    report.warnings.splice(0..0, warnings);
    let exit = report.exit();
    print_tree(&report, arguments.quiet, exit)
}

fn refuse(arguments: &Compile, errors: Vec<Problem>) -> Exit {
    match &arguments.output {
        Some(folder) => {
            let report = TreeReport::invalid(folder, arguments.check, errors);
            print_tree(&report, arguments.quiet, Exit::Input)
        }
        None => pretty::print_errors(&errors, Exit::Input),
    }
}
