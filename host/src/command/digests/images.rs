//! The images whose digests the allowlist must list.

use hallpass_author::digests::{Image, lines};
use hallpass_document::Diagnostic;
use hallpass_report::{LineIndex, Wanted, read_problem};

use super::layout::Layout;
use super::verify::verify;
use crate::cli::Digests;
use crate::output::{Problem, pretty};
use crate::source::Source;
use crate::text::counted;

const LIST: Wanted = Wanted { called: "the list of images", kind: "list" };

/// Images, and their origin.
pub(super) struct Images {
    pub(super) images: Vec<Image>,
    /// The name of the list or the layout.
    name: String,
    /// The bytes of the list.
    list: Vec<u8>,
}

impl Images {
    /// Reads the images, and verifies the layout.
    pub(super) fn read(arguments: &Digests) -> Result<Self, Vec<Problem>> {
        let images = if arguments.from.is_dir() { of_layout(arguments)? } else { of_list(arguments)? };
        let problems = match &arguments.layout {
            Some(folder) => match Layout::open(folder) {
                Ok(layout) => verify(&layout, &images.images),
                Err(problem) => vec![*problem],
            },
            None => Vec::new(),
        };
        if problems.is_empty() { Ok(images) } else { Err(problems) }
    }

    /// Converts an error in one of the images.
    pub(super) fn problem(&self, image: &Image, fault: Diagnostic) -> Problem {
        match image.position {
            Some(position) => read_problem(&self.name, &fault.located(position), &LineIndex::new(&self.list)),
            None => unlocated(&self.name, fault),
        }
    }
}

/// Converts an error in a whole file, or in the run if `file` is empty.
pub(super) fn unlocated(file: &str, fault: Diagnostic) -> Problem {
    let problem = Problem::new(file, fault.message);
    match fault.help {
        Some(help) => problem.help(help),
        None => problem,
    }
}

fn of_layout(arguments: &Digests) -> Result<Images, Vec<Problem>> {
    let name = arguments.from.display().to_string();
    let read = Layout::open(&arguments.from).and_then(|layout| layout.read());
    let found = read.map_err(|problem| vec![*problem])?;
    if found.artifacts > 0 {
        let left_out = counted(found.artifacts, "manifest");
        let message = format!("{left_out} left out: attestations and signatures, which no container runs");
        pretty::print_notes(&[Problem::new(&name, message)]);
    }
    Ok(Images { images: found.images, name, list: Vec::new() })
}

fn of_list(arguments: &Digests) -> Result<Images, Vec<Problem>> {
    let Source { name, bytes } =
        Source::read(&arguments.from, &LIST, ", the folder of an OCI image layout, or `-` for stdin")?;
    let read = lines(&String::from_utf8_lossy(&bytes));
    let images = read.map_err(|faults| {
        let index = LineIndex::new(&bytes);
        faults.iter().map(|fault| read_problem(&name, fault, &index)).collect::<Vec<_>>()
    })?;
    if images.is_empty() {
        let help = "write one `IMAGE@sha256:DIGEST` per line";
        return Err(vec![Problem::new(&name, "the list contains no image").help(help)]);
    }
    Ok(Images { images, name, list: bytes })
}
