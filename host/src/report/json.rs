//! `-o json`

use serde::Serialize;

use super::write_stdout;
use crate::exit::Exit;

pub(crate) fn print_json(report: &impl Serialize, exit: Exit) -> Exit {
    match serde_json::to_vec_pretty(report) {
        Ok(mut json) => {
            json.push(b'\n');
            write_stdout(&json, exit)
        }
        Err(_) => Exit::Internal,
    }
}
