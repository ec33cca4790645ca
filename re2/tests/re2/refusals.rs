//! Patterns that RE2 accepts and this crate rejects. They are identified by the part that the error names, so that a
//! pattern that merely contains such a part, but is rejected for another reason, still counts as a difference.

pub(super) struct Refusal {
    pub(super) why: &'static str,
    pub(super) blames: fn(&str) -> bool,
}

pub(super) const REFUSALS: [Refusal; 4] = [
    Refusal { why: "Go has no `\\C`, a single byte", blames: |fragment| fragment == r"\C" },
    Refusal {
        why: "Go and RE2 disagree on what `C` contains",
        blames: |fragment| [r"\pC", r"\PC", r"\p{C}", r"\P{C}", r"\p{^C}", r"\P{^C}"].contains(&fragment),
    },
    Refusal {
        why: "Go wants ASCII in the name of a group",
        blames: |fragment| ["(?P<é>", "(?<é>"].contains(&fragment),
    },
    Refusal {
        why: "Go refuses a repeat count that no integer holds",
        blames: |fragment| fragment.starts_with('{') && fragment.ends_with("99999999999999999999}"),
    },
];
