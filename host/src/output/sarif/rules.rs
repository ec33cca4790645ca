//! The rules that results name, as docs/semantics.md, docs/lint.md and docs/authors.md describe them.

use std::collections::HashMap;

use super::model::{Descriptor, Help, Message};
use crate::output::pretty;
use crate::semantics::{self, Page, Section};
use crate::text::shortened;

/// The address of the project. Like the ids of the schemas, this is a name first.
pub(super) const HOME: &str = "https://hallpass.dev";

const DOCS: &str = "https://hallpass.dev/docs";

/// Code scanning refuses longer descriptions.
const LENGTH: usize = 1000;

/// The rule of problems with the input.
const INPUT: &str = "hallpass/input";

/// The rule of notes on a workload or a test.
const NOTE: &str = "hallpass/note";

/// The rules so far.
#[derive(Default)]
pub(super) struct Rules {
    ids: Vec<String>,
    indexes: HashMap<String, usize>,
}

impl Rules {
    /// Returns the id and the index of a rule; an empty one is that of problems, or of a subject's notes.
    pub(super) fn index(&mut self, is_of_subject: bool, rule: &str) -> (String, usize) {
        let id = match (rule, is_of_subject) {
            ("", true) => NOTE,
            ("", false) => INPUT,
            _ => rule,
        };
        if let Some(index) = self.indexes.get(id) {
            return (id.to_owned(), *index);
        }
        self.ids.push(id.to_owned());
        self.indexes.insert(id.to_owned(), self.ids.len() - 1);
        (id.to_owned(), self.ids.len() - 1)
    }

    /// Returns the rules in the order of their indexes.
    pub(super) fn descriptors(self) -> Vec<Descriptor> {
        self.ids.into_iter().map(descriptor).collect()
    }
}

fn descriptor(id: String) -> Descriptor {
    let fixed = |title: &str, text: &str, anchor: &str| {
        let uri = format!("{DOCS}/semantics.md#{anchor}");
        let text = format!("{text} {uri} describes the rules.");
        described(id.clone(), title, &text, &text, uri)
    };
    match id.as_str() {
        INPUT => fixed(
            "Problem with the input",
            "hallpass could not read or evaluate this input, or it is probably not what its author intended.",
            "reading-the-input",
        ),
        NOTE => fixed("Note", "Information that helps to fix a denial.", "the-decision"),
        _ => match semantics::find(&id) {
            Some(section) => of_section(id, &section),
            None => fixed("Rule", "A rule of hallpass.", "the-decision"),
        },
    }
}

fn of_section(id: String, section: &Section) -> Descriptor {
    let body = section.text.split_once('\n').map_or("", |(_, body)| body).trim();
    // Links to other sections and files.
    let page = format!("{DOCS}/{}", section.page.file());
    let markdown = body.replace("](#", &format!("]({page}#")).replace("](../", &format!("]({HOME}/"));
    let title = section.title.replace('`', "");
    let uri = format!("{page}#{}", section.anchor());
    let name = match section.page {
        Page::Semantics => pascal_case(&title),
        // Their ids are words.
        Page::Lint | Page::Authors => pascal_case(&section.id),
    };
    Descriptor { name, ..described(id, &title, &pretty::markdown_text(body), &markdown, uri) }
}

fn described(id: String, title: &str, text: &str, markdown: &str, help_uri: String) -> Descriptor {
    let first = text.split("\n\n").next().unwrap_or_default().replace('\n', " ");
    Descriptor {
        name: pascal_case(title),
        id,
        short_description: Message { text: shortened(title, LENGTH) },
        full_description: Message { text: shortened(&first, LENGTH) },
        help: Help { text: text.trim().to_owned(), markdown: markdown.to_owned() },
        help_uri,
    }
}

/// `Volume mounts` as `VolumeMounts`: names are identifiers.
fn pascal_case(title: &str) -> String {
    let words = title.split(|c: char| !c.is_ascii_alphanumeric());
    words
        .map(|word| {
            let mut letters = word.chars();
            letters
                .next()
                .map(|first| first.to_ascii_uppercase())
                .into_iter()
                .chain(letters)
                .collect::<String>()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use hallpass_author::difference::Class;

    use super::descriptor;

    #[test]
    fn rules_have_the_words_and_the_links_of_the_documentation() {
        for class in Class::ALL {
            let rule = descriptor(class.name().to_owned());
            assert_eq!(rule.help_uri, "https://hallpass.dev/docs/authors.md#classes-of-differences");
            assert!(rule.short_description.text.starts_with("workloads may "), "{class}");
            assert_eq!(rule.name.to_lowercase(), class.name().replace('-', ""));
        }
        let rule = descriptor("image-with-tag".to_owned());
        assert_eq!(
            (&*rule.name, &*rule.help_uri),
            ("ImageWithTag", "https://hallpass.dev/docs/lint.md#image-with-tag")
        );
        let rule = descriptor("M7".to_owned());
        assert_eq!(
            (&*rule.name, &*rule.help_uri),
            ("Environment", "https://hallpass.dev/docs/semantics.md#m7")
        );
    }
}
