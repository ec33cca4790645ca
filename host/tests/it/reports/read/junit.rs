//! JUnit files, with the elements and attributes that the schema of Jenkins' xUnit plugin (`junit-10.xsd`) allows.

use std::collections::BTreeSet;

use roxmltree::{Document, Node};

/// A test case.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) class: String,
    pub(crate) file: Option<String>,
    pub(crate) line: Option<String>,
    /// The elements in it: name, message, text.
    pub(crate) elements: Vec<(String, String, String)>,
}

/// The attributes of each element that hallpass may write; `!` marks required ones.
const ATTRIBUTES: [(&str, &[&str]); 7] = [
    ("testsuites", &["name", "time", "tests", "failures", "disabled", "errors"]),
    (
        "testsuite",
        &[
            "name",
            "!tests",
            "failures",
            "errors",
            "time",
            "skipped",
            "timestamp",
            "hostname",
            "id",
            "package",
            "file",
            "log",
            "url",
        ],
    ),
    (
        "testcase",
        &[
            "!name",
            "assertions",
            "time",
            "timestamp",
            "classname",
            "status",
            "class",
            "file",
            "line",
            "log",
            "group",
            "url",
        ],
    ),
    ("failure", &["type", "message"]),
    ("error", &["type", "message"]),
    ("skipped", &["type", "message"]),
    ("system-out", &[]),
];

/// The elements that may be in each element, in any order.
const CHILDREN: [(&str, &[&str]); 3] = [
    ("testsuites", &["testsuite"]),
    ("testsuite", &["testsuite", "properties", "testcase", "system-out", "system-err"]),
    ("testcase", &["skipped", "error", "failure", "system-out", "system-err"]),
];

/// Reads a file and checks it: well-formed XML, only what the schema allows, and counts that are those of its cases.
pub(crate) fn read(text: &str) -> Vec<Case> {
    let document = Document::parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    assert_eq!(document.root_element().tag_name().name(), "testsuites");
    for node in document.descendants().filter(Node::is_element) {
        conforms(&node);
    }
    for suite in
        document.descendants().filter(|node| matches!(node.tag_name().name(), "testsuites" | "testsuite"))
    {
        counts(&suite);
    }
    let cases = document.descendants().filter(|node| node.has_tag_name("testcase"));
    cases.map(|node| case(&node)).collect()
}

fn conforms(node: &Node<'_, '_>) {
    let name = node.tag_name().name();
    let allowed = ATTRIBUTES.iter().find(|(element, _)| *element == name);
    let (_, allowed) = allowed.unwrap_or_else(|| panic!("`{name}` is not an element of the schema"));
    for attribute in node.attributes() {
        let is_known = allowed.iter().any(|known| known.trim_start_matches('!') == attribute.name());
        assert!(is_known, "`{}` is not an attribute of `{name}`", attribute.name());
    }
    for required in allowed.iter().filter_map(|known| known.strip_prefix('!')) {
        assert!(node.has_attribute(required), "`{name}` has no `{required}`");
    }
    let children =
        CHILDREN.iter().find(|(element, _)| *element == name).map_or(&[][..], |(_, children)| children);
    for child in node.children().filter(Node::is_element) {
        assert!(children.contains(&child.tag_name().name()), "{child:?} is in `{name}`");
    }
}

fn counts(suite: &Node<'_, '_>) {
    let cases: Vec<_> = suite.descendants().filter(|node| node.has_tag_name("testcase")).collect();
    let with =
        |name: &str| cases.iter().filter(|case| case.children().any(|it| it.has_tag_name(name))).count();
    for (attribute, count) in [
        ("tests", cases.len()),
        ("failures", with("failure")),
        ("errors", with("error")),
        ("skipped", with("skipped")),
    ] {
        if let Some(value) = suite.attribute(attribute) {
            assert_eq!(value, count.to_string(), "{attribute}");
        }
    }
}

fn case(node: &Node<'_, '_>) -> Case {
    let attribute = |name: &str| node.attribute(name).map(str::to_owned);
    let elements = node.children().filter(Node::is_element).map(|child| {
        let message = child.attribute("message").unwrap_or_default().to_owned();
        (child.tag_name().name().to_owned(), message, child.text().unwrap_or_default().to_owned())
    });
    let elements: Vec<_> = elements.collect();
    let names: BTreeSet<&String> = elements.iter().map(|(name, ..)| name).collect();
    assert_eq!(names.len(), elements.len(), "an element occurs twice: {elements:?}");
    Case {
        name: attribute("name").unwrap(),
        class: attribute("classname").unwrap(),
        file: attribute("file"),
        line: attribute("line"),
        elements,
    }
}
