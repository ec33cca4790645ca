use proptest::prelude::*;

use super::read::github::read;
use super::{config, hostile, is_visible};
use crate::output::findings::{Finding, Findings, Level, Location, Status, Subject};
use crate::output::github::render;
use crate::text::visible;

proptest! {
    #![proptest_config(config())]

    #[test]
    fn every_command_is_one_of_ours(findings in hostile::findings()) {
        let text = render(&findings);
        prop_assert!(is_visible(&text), "{text:?}");
        let (commands, others) = read(&text);
        for (level, name) in [(Level::Error, "error"), (Level::Warning, "warning"), (Level::Note, "notice")] {
            let expected = findings.all().filter(|(_, finding)| finding.severity() == level).count().min(10);
            prop_assert_eq!(commands.iter().filter(|command| command.name == name).count(), expected);
        }
        prop_assert_eq!(commands.len() + 1 + findings.remarks.len(), text.lines().count(), "{}", text);
        let ours = |line: &String| line.is_empty() || line.starts_with("hallpass check: ");
        prop_assert!(others.iter().all(ours), "{others:?}");
        for command in &commands {
            let is_same = |(subject, finding): (Option<&Subject>, &Finding)| {
                let title = subject.map_or("hallpass".to_owned(), |it| format!("{} {}", it.text, it.name));
                let file = finding.location.edited().map(visible);
                let line = finding.location.edited().and(finding.location.edited_line()).map(|line| line.to_string());
                command.properties["title"].starts_with(&visible(&title))
                    && command.message.split('\n').next() == Some(&*visible(&finding.message))
                    && command.properties.get("file") == file.as_ref()
                    && command.properties.get("line") == line.as_ref()
            };
            prop_assert!(findings.all().any(is_same), "{command:?}");
        }
    }
}

fn subject(name: &str, errors: usize) -> Subject {
    let finding =
        |number| Finding::new(Level::Error, "M7", format!("{name}{number}")).at(Location::line("a", 1), "");
    Subject {
        name: name.to_owned(),
        location: Location::line("a", 1),
        result: Status::Failed,
        text: "denied".to_owned(),
        findings: (0..errors).map(finding).collect(),
    }
}

#[test]
fn every_subject_has_an_annotation_before_another_has_two() {
    let findings = Findings {
        subjects: vec![subject("a", 20), subject("b", 2), subject("c", 1)],
        ..Findings::default()
    };
    let text = render(&findings);
    let (commands, others) = read(&text);
    let messages: Vec<&str> = commands.iter().map(|command| command.message.as_str()).collect();
    assert_eq!(messages, ["a0", "b0", "c0", "a1", "b1", "a2", "a3", "a4", "a5", "a6"]);
    assert_eq!(others[0], "hallpass : ; not annotated: 13 more errors");
}
