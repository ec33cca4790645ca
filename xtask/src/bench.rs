//! `cargo xtask bench`: one table of figures with their targets, ready to be quoted.

mod author;
mod command;
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

use crate::failure::Result;
use crate::workspace::build_binary;
use table::print_table;

pub(crate) fn run() -> Result<()> {
    // What is shown while it builds and runs goes to stderr: stdout has the table alone.
    eprintln!("bench: building for release, which takes minutes the first time");
    // An example, built together with the binary: a benchmark would build every dependency again, to unwind panics.
    let hallpass = build_binary("hallpass", "release", &["--package", "hallpass", "--example", "decision"])?;
    let folder = folder::write()?;
    eprintln!("bench: deciding in a loop");
    let mut figures = decision::measure(&hallpass)?;
    eprintln!("bench: judging the folder");
    figures.extend(command::measure(&hallpass, &folder)?);
    eprintln!("bench: generating and comparing allowlists");
    figures.extend(author::measure(&hallpass, &folder)?);
    eprintln!("bench: linting allowlists");
    figures.push(lint::measure(&hallpass)?);
    eprintln!("bench: running tests");
    figures.extend(testing::measure(&hallpass)?);
    eprintln!("bench: rendering the fleet");
    figures.extend(fleet::measure(&hallpass)?);
    eprintln!("bench: running the controller");
    let controller = build_binary("hallpass-controller", "release", &["--package", "hallpass-controller"])?;
    figures.extend(controller::measure(&controller)?);
    eprintln!("bench: building the module");
    figures.extend(module::measure()?);
    eprintln!("bench: opening the page");
    figures.extend(page::measure()?);
    print_table(&figures, &folder, &machine::describe());
    Ok(())
}
