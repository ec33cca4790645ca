//! `cargo xtask bench`: one table of figures with their targets, ready to be quoted.

mod author;
mod command;
mod compile;
mod controller;
mod decision;
mod fleet;
mod folder;
mod lint;
mod machine;
mod module;
mod page;
mod printed;
mod table;
mod testing;

use clap::{Args, ValueEnum};

use crate::failure::Result;
use crate::workspace::build_binary;
use table::print_table;

/// The benchmarks to run.
#[derive(Debug, Args)]
pub(crate) struct Bench {
    /// Run only these
    #[arg(value_enum, value_name = "PART")]
    parts: Vec<Part>,
}

/// A part of the table, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Decisions in a loop
    Decision,
    /// `hallpass check`
    Check,
    /// `hallpass generate` and `hallpass diff`
    Authors,
    /// `hallpass compile`
    Compile,
    /// `hallpass lint`
    Lint,
    /// `hallpass test`
    Test,
    /// `hallpass render`
    Render,
    /// `hallpass-controller`, on the API server in the folder that `KUBEBUILDER_ASSETS` names
    Controller,
    /// The Wasm modules
    Module,
    /// The page
    Page,
}

pub(crate) fn run(bench: &Bench) -> Result<()> {
    let parts = match bench.parts.as_slice() {
        [] => Part::value_variants(),
        parts => parts,
    };
    // What is shown while it builds and runs goes to stderr: stdout has the table alone.
    eprintln!("bench: building for release, which takes minutes the first time");
    // An example, built together with the binary: a benchmark would build every dependency again, to unwind panics.
    let hallpass = build_binary("hallpass", "release", &["--package", "hallpass", "--example", "decision"])?;
    let folder = folder::write()?;
    let mut figures = Vec::new();
    for part in Part::value_variants().iter().filter(|part| parts.contains(part)) {
        eprintln!("bench: {part:?}");
        figures.extend(match part {
            Part::Decision => decision::measure(&hallpass)?,
            Part::Check => command::measure(&hallpass, &folder)?,
            Part::Authors => author::measure(&hallpass, &folder)?,
            Part::Compile => vec![compile::measure(&hallpass)?],
            Part::Lint => vec![lint::measure(&hallpass)?],
            Part::Test => testing::measure(&hallpass)?,
            Part::Render => fleet::measure(&hallpass)?,
            Part::Controller => {
                let package = &["--package", "hallpass-controller"];
                controller::measure(&build_binary("hallpass-controller", "release", package)?)?
            }
            Part::Module => module::measure()?,
            Part::Page => page::measure()?,
        });
    }
    print_table(&figures, &folder, &machine::describe());
    Ok(())
}
