use proptest::prelude::*;

use super::read::junit::read;
use super::{config, hostile, is_visible};
use crate::output::findings::{Finding, Findings, Level, Location, Status, Subject};
use crate::output::junit::render;
use crate::text::visible;

/// XML cannot contain these two.
fn shown(text: &str) -> String {
    visible(text).replace('\u{fffe}', "\\u{fffe}").replace('\u{ffff}', "\\u{ffff}")
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn every_subject_is_one_test(findings in hostile::findings()) {
        let text = render(&findings);
        prop_assert!(is_visible(&text), "{text:?}");
        let cases = read(&text);
        let errors: Vec<_> = findings.problems.iter().filter(|problem| problem.level == Level::Error).collect();
        prop_assert_eq!(cases.len(), errors.len() + findings.subjects.len());
        let (of_errors, of_subjects) = cases.split_at(errors.len());
        for (case, error) in of_errors.iter().zip(errors) {
            let (name, message, body) = &case.elements[0];
            prop_assert_eq!((name.as_str(), message), ("error", &shown(&error.message)));
            prop_assert!(body.contains(&shown(&error.message)));
        }
        for (case, subject) in of_subjects.iter().zip(&findings.subjects) {
            prop_assert_eq!(&case.name, &shown(&subject.name));
            prop_assert_eq!(&case.file, &subject.location.edited().map(shown));
            prop_assert_eq!(case.line.is_some(), case.file.is_some() && subject.location.edited_line().is_some());
            prop_assert!(!case.class.is_empty());
            let expected = match subject.result {
                Status::Passed => None,
                Status::Failed => Some("failure"),
                Status::Excepted => Some("skipped"),
            };
            let result = case.elements.iter().map(|(name, ..)| name.as_str()).find(|name| *name != "system-out");
            prop_assert_eq!(result, expected);
            let bodies: String = case.elements.iter().map(|(_, _, body)| body.as_str()).collect();
            for finding in &subject.findings {
                prop_assert!(bodies.contains(&shown(&finding.message)), "{}", bodies);
            }
        }
    }
}

#[test]
fn an_exception_makes_a_reason_a_remark_and_a_subject_skipped() {
    let reason = |message: &str, excepted: Option<&str>| Finding {
        excepted: excepted.map(str::to_owned),
        ..Finding::new(Level::Error, "C1", message)
    };
    let subject = |result, findings| Subject {
        name: "Pod a".to_owned(),
        location: Location::line("a.yaml", 1),
        result,
        text: "denied".to_owned(),
        findings,
    };
    let covered = reason("covered", Some("until March"));
    let subjects = vec![
        subject(Status::Failed, vec![covered.clone(), reason("open", None)]),
        subject(Status::Excepted, vec![covered]),
    ];
    let cases = read(&render(&Findings { command: "check", subjects, ..Findings::default() }));
    let [(name, message, body), (output, _, remarks)] = &cases[0].elements[..] else { panic!("{cases:?}") };
    assert_eq!((name.as_str(), message.as_str(), output.as_str()), ("failure", "open", "system-out"));
    assert!(
        !body.contains("covered") && remarks.contains("note[C1]: covered\n  excepted: until March"),
        "{remarks}"
    );
    let [(name, message, _)] = &cases[1].elements[..] else { panic!("{cases:?}") };
    assert_eq!((name.as_str(), message.as_str()), ("skipped", "denied"));
}
