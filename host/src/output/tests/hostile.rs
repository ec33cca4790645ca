//! Findings with the text that is markup in one of the formats.

use proptest::prelude::*;

use crate::output::findings::{Finding, Findings, Level, Location, Status, Subject};

/// Everything that begins, ends or separates something.
const MARKUP: &[&str] = &[
    "::",
    "::error::",
    "##[error]",
    "%",
    "%0A",
    "%3A",
    ",",
    "\n",
    "\r\n",
    "\n::set-output name=a::b",
    "]]>",
    "&",
    "&lt;",
    "&#10;",
    "<",
    ">",
    "<b>",
    "</details>",
    "</summary>",
    "<!--",
    "-->",
    "\"",
    "'",
    "`",
    "``",
    "```",
    "~~~",
    "|",
    "\\",
    "\\|",
    "[a](http://b)",
    "](1)",
    "[",
    "]",
    "![a](b)",
    "@org/team",
    "#1",
    "*b*",
    "**",
    "__",
    "_",
    "~~",
    "$x$",
    "{0}",
    "{{ a }}",
    ":bug:",
    "http://a.b",
    "www.a.b",
    "a@b.c",
    "# h",
    "- i",
    "1. i",
    "> q",
    "    c",
    "---",
    "===",
    "\t",
    "\u{0}",
    "\u{1b}[31m",
    "\u{9b}",
    "\u{202e}",
    "\u{2066}",
    "\u{200b}",
    "\u{2028}",
    "\u{feff}",
    "\u{fffe}",
    "\u{ffff}",
    "\u{e0041}",
    "é",
    "😀",
    "שלום",
    "a",
    "B1",
    " ",
    "  ",
    "",
];

fn text() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        6 => prop::sample::select(MARKUP).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
        1 => "[a-z0-9./-]{1,12}",
    ];
    prop::collection::vec(part, 0..6).prop_map(|parts| parts.concat())
}

fn location() -> impl Strategy<Value = Location> {
    let file = prop_oneof![1 => Just("-".to_owned()), 1 => Just(String::new()), 4 => text()];
    let number = || prop::option::of(1..100_000_u32);
    (file, prop::option::weighted(0.2, text().prop_map(|it| format!("t{it}"))), number(), number(), number())
        .prop_map(|(file, template, line, column, width)| Location {
            file,
            template,
            line,
            column: column.filter(|_| line.is_some()),
            end_column: column.zip(width).filter(|_| line.is_some()).map(|(column, width)| column + width),
        })
}

fn finding() -> impl Strategy<Value = Finding> {
    let level = prop::sample::select(&[Level::Error, Level::Warning, Level::Note][..]);
    let rule = prop_oneof![
        Just(String::new()),
        Just("M7".to_owned()),
        Just("autogke-no-host-port".to_owned()),
        text().prop_map(|text| format!("r{text}")),
    ];
    let some = || prop::collection::vec(text(), 0..3);
    let related = prop::collection::vec((location(), text()), 0..2);
    let change = prop::option::of((text(), text()));
    (level, rule, text(), some(), location(), text(), related, change, prop::option::weighted(0.2, text()))
        .prop_map(|(level, rule, message, help, location, path, related, change, excepted)| Finding {
            level,
            rule,
            message,
            help,
            location,
            path,
            related,
            change,
            excepted,
            in_source: false,
        })
}

fn subject() -> impl Strategy<Value = Subject> {
    let result = prop::sample::select(&[Status::Passed, Status::Failed, Status::Excepted][..]);
    (text(), location(), result, text(), prop::collection::vec(finding(), 0..4)).prop_map(
        |(name, location, result, text, findings)| Subject { name, location, result, text, findings },
    )
}

pub(super) fn findings() -> impl Strategy<Value = Findings> {
    let remarks = prop::collection::vec(text(), 0..2);
    (prop::collection::vec(subject(), 0..5), prop::collection::vec(finding(), 0..4), text(), remarks)
        .prop_map(|(subjects, problems, summary, remarks)| Findings {
            command: "check",
            subjects,
            problems,
            summary,
            remarks,
        })
}
