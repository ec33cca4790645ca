//! Collects diagnostics while an object is read.

use std::borrow::Cow;

use crate::diagnostic::Diagnostic;
use crate::pointer::At;
use crate::value::Value;

/// Diagnostics collected while an object is read. Reading continues after each fault, so that one run shows all of them.
#[derive(Debug, Default)]
pub struct Diagnostics {
    /// The object cannot be evaluated.
    pub errors: Vec<Diagnostic>,
    /// The object can be evaluated, but is probably not what its author intended.
    pub warnings: Vec<Diagnostic>,
}

type Entries<'v, 'a> = &'v [(Cow<'a, str>, Value<'a>)];

impl Diagnostics {
    /// Adds an error. After a hundred errors, only the fact that there are more is kept.
    pub fn error(&mut self, fault: Diagnostic) {
        push_bounded(&mut self.errors, fault);
    }

    /// Adds a warning, with the same limit as [`Diagnostics::error`].
    pub fn warn(&mut self, fault: Diagnostic) {
        push_bounded(&mut self.warnings, fault);
    }

    /// Returns the entries of a map; none if it is null.
    pub fn map<'v, 'a>(&mut self, value: &'v Value<'a>, at: &At<'_>) -> Entries<'v, 'a> {
        match value {
            Value::Map(entries) => entries,
            Value::Null => &[],
            other => {
                self.mistyped(other, at, "a map");
                &[]
            }
        }
    }

    /// Returns the entries of a map in a list, where null is not the same as absent.
    pub fn map_item<'v, 'a>(&mut self, value: &'v Value<'a>, at: &At<'_>) -> Entries<'v, 'a> {
        if value.is_null() {
            self.mistyped(value, at, "a map");
        }
        self.map(value, at)
    }

    /// Returns the items of a list; none if it is null.
    pub fn list<'v, 'a>(&mut self, value: &'v Value<'a>, at: &At<'_>) -> &'v [Value<'a>] {
        match value {
            Value::List(items) => items,
            Value::Null => &[],
            other => {
                self.mistyped(other, at, "a list");
                &[]
            }
        }
    }

    /// Returns a string; `None` if it is null.
    pub fn string<'v>(&mut self, value: &'v Value<'_>, at: &At<'_>) -> Option<&'v str> {
        match value {
            Value::String(text) => Some(text),
            Value::Null => None,
            other => {
                self.mistyped(other, at, "a string");
                None
            }
        }
    }

    /// Returns a boolean; `None` if it is null.
    pub fn boolean(&mut self, value: &Value<'_>, at: &At<'_>) -> Option<bool> {
        match value {
            Value::Bool(flag) => Some(*flag),
            Value::Null => None,
            other => {
                self.mistyped(other, at, "a boolean");
                None
            }
        }
    }

    /// Returns a whole number that fits Kubernetes' `int32`.
    pub fn int32(&mut self, value: &Value<'_>, at: &At<'_>) -> Option<i32> {
        match value {
            Value::Int(number) => i32::try_from(*number).ok().or_else(|| {
                self.out_of_range(*number, at);
                None
            }),
            Value::Null => None,
            Value::OtherNumber(_) => {
                let message = format!("{} must be a whole number of 32 bits", at.called());
                self.error(Diagnostic::new(at.pointer(), message).help(format!(
                    "write a whole number from {} to {}, without a decimal point or an exponent",
                    i32::MIN,
                    i32::MAX
                )));
                None
            }
            other => {
                self.mistyped(other, at, "a whole number");
                None
            }
        }
    }

    /// Returns the strings of a list; other items are faults.
    pub fn strings<'v>(&mut self, value: &'v Value<'_>, at: &At<'_>) -> Vec<&'v str> {
        let items = self.list(value, at);
        let mut strings = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let at = at.index(index);
            if item.is_null() {
                self.mistyped(item, &at, "a string");
            }
            strings.extend(self.string(item, &at));
        }
        strings
    }

    fn out_of_range(&mut self, number: i64, at: &At<'_>) {
        self.error(
            Diagnostic::new(at.pointer(), format!("{} is out of range: `{number}`", at.called()))
                .help(format!("write a whole number from {} to {}", i32::MIN, i32::MAX)),
        );
    }

    fn mistyped(&mut self, found: &Value<'_>, at: &At<'_>, wanted: &str) {
        self.error(Diagnostic::mistyped(at.pointer(), &at.called(), found, wanted));
    }
}

/// A generated document can have the same fault a million times.
const SHOWN: usize = 100;

fn push_bounded(faults: &mut Vec<Diagnostic>, fault: Diagnostic) {
    match faults.len() {
        ..SHOWN => faults.push(fault),
        SHOWN => faults.push(
            Diagnostic::new(
                fault.path,
                format!("more than {SHOWN} faults in this object: the others are not shown"),
            )
            .help("fix those above first"),
        ),
        _ => {}
    }
}
