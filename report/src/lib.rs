//! From the bytes of manifests and allowlists to what `hallpass check` reports: documents read, workloads judged, every
//! finding with its line and column. No file, no terminal: the command line and the browser share it.

mod allowlists;
mod difference;
mod foreign;
mod judge;
mod located;
mod report;
mod scalar;
mod single;
mod templates;
mod workloads;

pub use allowlists::{Installed, Parsed, parse_all};
pub use foreign::is_foreign;
pub use judge::{Engine, FileReport, Judge, Native, Unjudged, nothing_to_judge};
pub use located::{LineIndex, place, problem, read_problem, resolve};
pub use report::{
    AllowlistPlace, Assumption, Mismatch, Outcome, Place, Problem, Report, Snippet, Summary, Violation,
};
pub use single::{Wanted, single};
pub use workloads::read_workloads;
