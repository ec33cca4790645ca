//! `hallpass test`: reads test files, evaluates their workloads, and compares the results with the expected ones.
//!
//! 1. `find` selects the test files, and `file` reads them.
//! 2. `plan` resolves every path, and groups the tests that share a policy: allowlists, version, profile, strictness.
//! 3. `evaluate` evaluates each group, with one engine, and each workload once; `render` renders each chart once.
//! 4. `report` selects the workloads of each test, and `compare` compares them with what the test expects.
//! 5. `update` writes the results into the test files, if the user asks for it.

mod compare;
mod evaluate;
mod file;
mod find;
mod inline;
mod plan;
pub(crate) mod reads;
mod render;
mod report;
mod select;
mod update;

pub(crate) use evaluate::{How, evaluate};
pub(crate) use file::TestFile;
pub(crate) use find::{find, is_below, is_test};
pub(crate) use plan::plan;
pub(crate) use report::{Failure, Status, TestReport, TestResult};
pub(crate) use update::update;
