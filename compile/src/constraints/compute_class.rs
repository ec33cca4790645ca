//! C11: two compute classes.

use hallpass_workload::COMPUTE_CLASS;

use crate::text::literal;
use crate::workload::{any_class, any_demanded_class};

pub(super) fn messages() -> String {
    let message = literal(&format!(
        "several compute classes are selected; Autopilot allows one value of {COMPUTE_CLASS}."
    ));
    // A preferred class counts only in addition to one that is not.
    let two = any_demanded_class(&any_class("other != class"));
    format!("{two} ?\n  [{message}] : []")
}
