//! Produces the report of `hallpass check` from the bytes of manifests and allowlists: reads documents, evaluates
//! workloads, and locates every finding. It accesses no files and no terminal, so the command line and the browser
//! share it.

mod allowlists;
mod change;
pub mod difference;
mod differing;
mod exception;
mod extend;
mod foreign;
pub mod generate;
mod judge;
mod located;
mod own;
mod pairing;
mod pitfall;
mod problem;
mod report;
mod scalar;
mod single;
mod templates;
mod variants;
mod workloads;

pub use allowlists::{Installed, Parsed, parse_all};
pub use exception::{Coverage, Exception, Selector};
pub use extend::{Extended, Unserved, extend};
pub use foreign::{is_foreign, is_object};
pub use judge::{Engine, FileReport, Judge, Native, Unjudged, nothing_to_judge};
pub use located::{LineIndex, place, problem, read_problem, resolve, resolve_key};
pub use own::{own, own_kind};
pub use problem::Problem;
pub use report::{
    AllowlistChange, AllowlistPlace, Assumption, Compared, ContainerImage, Excepted, Mismatch, Outcome,
    Place, Report, Snippet, Summary, Violation,
};
pub use single::{Wanted, single};
pub use variants::Variant;
pub use workloads::read_workloads;
