use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag};

use super::{config, hostile, is_visible};
use crate::output::findings::{Finding, Findings, Level, Location, Status, Subject};
use crate::output::markdown::findings::render;
use crate::text::visible;

/// The visible parts: the text outside HTML, and the HTML.
struct Seen {
    text: String,
    html: String,
    /// The text outside code, which GitHub searches for links and names.
    words: String,
}

/// Reads Markdown, and checks that only elements of ours are in it.
fn read(markdown: &str) -> Seen {
    let mut seen = Seen { text: String::new(), html: String::new(), words: String::new() };
    let mut in_code = false;
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_MATH
        | Options::ENABLE_GFM;
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Text(text) => {
                seen.text.push_str(&text);
                if !in_code && !seen.html.ends_with("<code>") {
                    seen.words.push_str(&text);
                }
            }
            Event::Code(text) => seen.text.push_str(&text),
            Event::Html(html) | Event::InlineHtml(html) => seen.html.push_str(&html),
            Event::SoftBreak => seen.text.push('\n'),
            Event::Start(tag) => {
                in_code = matches!(tag, Tag::CodeBlock(_));
                let is_ours = matches!(
                    tag,
                    Tag::Paragraph
                        | Tag::Heading { .. }
                        | Tag::List(None)
                        | Tag::Item
                        | Tag::Strong
                        | Tag::CodeBlock(_)
                        | Tag::Table(_)
                        | Tag::TableHead
                        | Tag::TableRow
                        | Tag::TableCell
                        | Tag::HtmlBlock
                );
                assert!(is_ours, "{tag:?}\n{markdown}");
            }
            Event::End(_) => {
                in_code = false;
                seen.text.push('\n');
            }
            other => panic!("{other:?}\n{markdown}"),
        }
    }
    seen
}

/// Backticks can be delimiters, and blanks at the ends of a cell or a line are not shown.
fn comparable(text: &str) -> String {
    visible(text).replace(['`', ' '], "")
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn no_element_comes_from_the_input(findings in hostile::findings()) {
        let markdown = render(&findings);
        prop_assert!(is_visible(&markdown), "{markdown:?}");
        let seen = read(&markdown);
        let folded = findings.subjects.iter().filter(|subject| !subject.findings.is_empty()).count();
        for (tag, count) in [("<details>", folded), ("</details>", folded), ("<summary>", folded), ("</summary>", folded)] {
            prop_assert_eq!(seen.html.matches(tag).count(), count, "{} in {}", tag, markdown);
        }
        let unknown = ["<details>", "</details>", "<summary>", "</summary>", "<code>", "</code>", "<!-- hallpass check -->"]
            .iter()
            .fold(seen.html.clone(), |html, tag| html.replace(tag, ""));
        prop_assert!(!unknown.contains(['<', '>', '`', '*', '@', '[', '|']), "{}", unknown);
        for link in ["://", "www.", "@", "#"] {
            prop_assert!(!seen.words.contains(link), "{} in {}", link, seen.words);
        }
        let text = comparable(&seen.text);
        for (_, finding) in findings.all() {
            prop_assert!(text.contains(&comparable(&finding.message)), "{:?} in {}", finding.message, markdown);
            prop_assert!(finding.help.iter().all(|help| text.contains(&comparable(help))), "{}", markdown);
        }
        let rows = markdown.lines().filter(|line| line.starts_with("| ")).count();
        prop_assert_eq!(rows, if findings.subjects.is_empty() { 0 } else { findings.subjects.len() + 1 });
    }
}

fn subject(number: usize, result: Status, errors: usize) -> Subject {
    let message = "a reason of some length, as they are".repeat(4);
    let finding = Finding::new(Level::Error, "M7", message).at(Location::line("a.yaml", 7), "");
    Subject {
        name: format!("Pod n{number}"),
        location: Location::line("a.yaml", 1),
        result,
        text: if result == Status::Failed { "denied" } else { "admitted" }.to_owned(),
        findings: vec![finding; errors],
    }
}

#[test]
fn a_long_report_is_cut_and_says_so() {
    let mut subjects: Vec<Subject> = (0..5000).map(|number| subject(number, Status::Passed, 0)).collect();
    subjects.extend((5000..6000).map(|number| subject(number, Status::Failed, 50)));
    let remarks = vec!["not evaluated: some".to_owned()];
    let markdown = render(&Findings { command: "check", subjects, remarks, ..Findings::default() });
    assert!(markdown.chars().count() <= 65_536, "{}", markdown.len());
    read(&markdown);
    assert!(markdown.contains("Pod n5000") && !markdown.contains("Pod n1`"), "{markdown}");
    assert!(markdown.contains("\n5000 that passed are not listed.\n"));
    assert!(markdown.contains("\nSome findings are left out, because GitHub limits the length."));
    assert!(markdown.ends_with("\n**note**: not evaluated: some\n"));
}

#[test]
fn a_short_report_is_not_cut() {
    let subjects = vec![subject(1, Status::Passed, 0), subject(2, Status::Failed, 3)];
    let markdown = render(&Findings { command: "check", subjects, ..Findings::default() });
    assert!(!markdown.contains("left out"));
    let denied = markdown.find("Pod n2").unwrap();
    assert!(denied < markdown.find("Pod n1").unwrap(), "what fails comes first");
}
