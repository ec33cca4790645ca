//! The output of `hallpass explain`: the sections of docs/semantics.md, by rule id, constraint name, or title, the rules of
//! docs/lint.md, by name, and the classes of differences in docs/authors.md, by name.

use std::borrow::Cow;

use clap::builder::{PossibleValue, TypedValueParser};
use clap::error::ErrorKind;
use hallpass_author::difference::Class;
use hallpass_document::nearest;
use hallpass_policy::Constraint;

const PAGE: &str = include_str!("../../docs/semantics.md");

const LINT_PAGE: &str = include_str!("../../docs/lint.md");

const AUTHORS_PAGE: &str = include_str!("../../docs/authors.md");

/// A section of a document.
#[derive(Clone, Debug)]
pub(crate) struct Section {
    /// A rule's id, or the anchor of the title: `exit-codes`.
    pub(crate) id: Cow<'static, str>,
    /// The title, without the id.
    pub(crate) title: Cow<'static, str>,
    /// The section in Markdown, including the heading.
    pub(crate) text: Cow<'static, str>,
    /// The document.
    pub(crate) page: Page,
}

/// A document with sections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Page {
    /// docs/semantics.md
    Semantics,
    /// docs/lint.md
    Lint,
    /// docs/authors.md
    Authors,
}

impl Page {
    /// All documents.
    pub(crate) const ALL: [Page; 3] = [Page::Semantics, Page::Lint, Page::Authors];

    /// Returns the file's name.
    pub(crate) fn file(self) -> &'static str {
        match self {
            Page::Semantics => "semantics.md",
            Page::Lint => "lint.md",
            Page::Authors => "authors.md",
        }
    }
}

impl Section {
    /// Returns the anchor in the document.
    pub(crate) fn anchor(&self) -> String {
        match self.page {
            Page::Semantics | Page::Lint => self.id.to_lowercase(),
            // One table describes all classes.
            Page::Authors => "classes-of-differences".to_owned(),
        }
    }
}

/// Returns each constraint with the section that defines it.
pub(crate) fn constraints() -> Vec<(&'static str, Section)> {
    let ids = Constraint::ALL.into_iter().map(Constraint::id);
    ids.filter_map(|id| Some((id, about(id)?))).collect()
}

/// Returns all sections, in the order of [`Page::ALL`] and of the documents.
pub(crate) fn sections() -> Vec<Section> {
    let rules = split(LINT_PAGE).into_iter().filter_map(lint_rule);
    let classes = AUTHORS_PAGE.lines().filter_map(class);
    split(PAGE).into_iter().filter_map(section).chain(rules).chain(classes).collect()
}

/// Returns the text of every section of a document.
fn split(page: &'static str) -> Vec<&'static str> {
    let mut starts = Vec::new();
    let (mut offset, mut in_code) = (0, false);
    for line in page.split_inclusive('\n') {
        in_code ^= line.starts_with("```");
        if !in_code && (line.starts_with("## ") || line.starts_with("### ")) {
            starts.push(offset);
        }
        offset += line.len();
    }
    let ends = starts.iter().skip(1).copied().chain([page.len()]);
    starts.iter().zip(ends).filter_map(|(start, end)| page.get(*start..end)).collect()
}

/// Returns the section of a lint rule; `None` for other sections.
fn lint_rule(text: &'static str) -> Option<Section> {
    let rule = hallpass_lint::rule(text.lines().next()?.strip_prefix("### ")?)?;
    Some(Section { id: rule.id.into(), title: rule.summary.into(), text: text.into(), page: Page::Lint })
}

/// Returns the section that describes a class of differences, from its row: ``| `image` | run an image, or a digest |``.
fn class(row: &'static str) -> Option<Section> {
    let (name, may) = row.strip_prefix("| `")?.strip_suffix(" |")?.split_once("` | ")?;
    let class = Class::ALL.into_iter().find(|class| class.name() == name)?;
    let id = class.name();
    let text = format!(
        "### {id}\n\nA difference between two versions of an allowlist, as `hallpass diff` reports it: under one of them only, \
         workloads may {may}.\n\n`hallpass diff --allow {id}` succeeds although the new version permits that.\n"
    );
    let title = format!("workloads may {may}");
    Some(Section { id: id.into(), title: title.into(), text: text.into(), page: Page::Authors })
}

fn section(text: &'static str) -> Option<Section> {
    let section = |id: Cow<'static, str>, title: &'static str| Section {
        id,
        title: title.into(),
        text: text.into(),
        page: Page::Semantics,
    };
    let heading = text.lines().next()?.trim_start_matches('#').trim();
    let Some((heading, anchor)) = heading.split_once("<a id=\"") else {
        return Some(section(slug(heading).into(), heading));
    };
    let (id, title) = heading.split_once(' ')?;
    // The anchor of a rule. Other anchors are those of the whole title.
    if anchor.starts_with(&*id.to_ascii_lowercase()) {
        Some(section(id.into(), title.trim_end()))
    } else {
        Some(section(slug(heading).into(), heading.trim_end()))
    }
}

/// Returns GitHub's anchor for a title.
fn slug(title: &str) -> String {
    let kept = title.trim().chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-'));
    kept.map(|c| if c == ' ' { '-' } else { c.to_ascii_lowercase() }).collect()
}

/// Returns the section with this id, ignoring case, or about the constraint with this name.
pub(crate) fn find(asked: &str) -> Option<Section> {
    let named = sections().into_iter().find(|section| section.id.eq_ignore_ascii_case(asked));
    named.or_else(|| {
        let mut ids = Constraint::ALL.into_iter().map(Constraint::id);
        about(ids.find(|id| id.eq_ignore_ascii_case(asked))?)
    })
}

/// Returns the section that defines a constraint: a line or a table row starts with the name, or it is the first
/// section to mention the name.
fn about(constraint: &str) -> Option<Section> {
    let rules = || sections().into_iter().filter(|section| section.id.starts_with('C'));
    let quoted = format!("`{constraint}`");
    let begins = |line: &str| line.trim_start_matches(['|', ' ', '-']).starts_with(&quoted);
    let defines = |section: &Section| section.text.lines().any(begins);
    rules().find(defines).or_else(|| rules().find(|section| section.text.contains(&quoted)))
}

/// All names that [`find`] accepts.
fn names() -> impl Iterator<Item = String> {
    let constraints = Constraint::ALL.into_iter().map(|constraint| constraint.id().to_owned());
    sections().into_iter().map(|section| section.id.into_owned()).chain(constraints)
}

/// Returns the name that the user probably meant: a near one, or the only one that contains the text.
fn meant<'n>(asked: &str, names: &'n [String]) -> Option<&'n str> {
    let part = asked.to_ascii_lowercase();
    let mut containing =
        names.iter().filter(|name| !part.is_empty() && name.to_ascii_lowercase().contains(&part));
    nearest(asked, names.iter().map(String::as_str))
        .or_else(|| containing.next().filter(|_| containing.next().is_none()).map(String::as_str))
}

/// The argument of `hallpass explain`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Topic;

impl TypedValueParser for Topic {
    type Value = Section;

    fn parse_ref(
        &self,
        command: &clap::Command,
        _: Option<&clap::Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<Section, clap::Error> {
        let asked = value.to_string_lossy();
        find(&asked).ok_or_else(|| {
            let names: Vec<String> = names().collect();
            let help = match meant(&asked, &names) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => "`hallpass explain` lists them".to_owned(),
            };
            let message = format!("no rule, constraint or section is named `{asked}`: {help}");
            command.clone().error(ErrorKind::InvalidValue, message)
        })
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(names().map(PossibleValue::new)))
    }
}

#[cfg(test)]
mod tests {
    use hallpass_author::difference::Class;
    use hallpass_policy::Constraint;

    use super::{about, find, meant, names, sections};

    /// Every id that a report can contain. A new variant of `Rule` must be added here.
    const RULES: [&str; 31] = [
        "W1", "W2", "W3", "W4", "W5", "W6", "C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8", "C9", "C10",
        "C11", "M1", "M2", "M3", "M4", "M5", "M6", "M7", "M8", "M9", "M10", "M11", "M12", "M13", "M14",
    ];

    #[test]
    fn every_rule_has_a_section() {
        let lint = hallpass_lint::rules().iter().map(|rule| rule.id);
        let classes = Class::ALL.map(Class::name);
        for id in RULES.into_iter().chain(["P1", "exit-codes"]).chain(lint).chain(classes) {
            let section = find(&id.to_lowercase()).unwrap_or_else(|| panic!("{id} has no section"));
            assert_eq!(section.id, id);
            assert!(section.text.lines().count() > 2, "{id}");
        }
    }

    #[test]
    fn every_constraint_has_a_section() {
        for constraint in Constraint::ALL {
            let section = about(constraint.id()).unwrap_or_else(|| panic!("{}", constraint.id()));
            assert!(section.text.contains(constraint.id()));
        }
        for (constraint, id) in [
            ("autogke-disallow-privilege", "C1"),
            ("autogke-disallow-hostnamespaces", "C2"),
            ("autogke-no-write-mode-hostpath", "C3"),
            ("autogke-no-host-port", "C4"),
            ("autogke-default-linux-capabilities", "C5"),
            ("autogke-node-affinity-selector-limitation", "C6"),
            ("autogke-pod-limit-constraints", "C7"),
            ("hallpass/volume-type", "C9"),
            ("managed-namespaces-limitation", "C10"),
        ] {
            assert_eq!(find(constraint).unwrap().id, id, "{constraint}");
        }
    }

    #[test]
    fn a_part_of_one_name_is_enough_to_suggest_it() {
        let names: Vec<String> = names().collect();
        assert_eq!(meant("half-anchored", &names), Some("half-anchored-pattern"));
        assert_eq!(meant("Host-Names", &names), Some("host-namespace"));
        assert_eq!(meant("pattern", &names), None, "several names contain it");
        assert_eq!(meant("", &names), None);
    }

    #[test]
    fn ids_are_unique() {
        let mut ids: Vec<_> = sections().into_iter().map(|section| section.id.to_lowercase()).collect();
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count);
    }
}
