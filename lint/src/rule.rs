//! Rules and their properties.

use hallpass_document::Code;
use hallpass_policy::Allowlist;

use crate::Context;
use crate::found::{Found, Reports};
use crate::object::{Object, Source};
use crate::texts::{Field, Text};

/// A rule.
#[derive(Debug)]
pub struct Rule {
    /// The name, in reports, on the command line and in comments that suppress it: `image-with-tag`.
    pub id: &'static str,
    /// The level of its findings.
    pub level: Level,
    /// The mistake that it finds, as a sentence without a period.
    pub summary: &'static str,
    /// The reason why that matters, and what to do, in Markdown.
    pub rationale: &'static str,
    /// Returns an example with the part of it that is bad or good.
    pub(crate) example: fn(&str) -> String,
    /// The bad part.
    pub(crate) bad: &'static str,
    /// The good part.
    pub(crate) good: &'static str,
    /// The effect of its fix, if it has one that makes the bad example the good one.
    pub fix: Option<Effect>,
    /// The origin of its findings.
    pub found_by: FoundBy,
}

impl Rule {
    /// Returns YAML in which the rule finds something. A comment on the first line may name the file: `# acme-agent-v1.yaml`.
    #[must_use]
    pub fn bad(&self) -> String {
        (self.example)(self.bad)
    }

    /// Returns the same, fixed: no rule finds anything in it.
    #[must_use]
    pub fn good(&self) -> String {
        (self.example)(self.good)
    }

    /// Whether the rule has a fix.
    #[must_use]
    pub fn has_fix(&self) -> bool {
        self.fix.is_some()
    }
}

/// The effect of a fix on what a cluster permits, or installs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// Nothing that it did not permit before.
    PermitsNoMore,
    /// Possibly more, so an author decides.
    MayPermitMore,
}

/// How serious a finding is, most serious first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// The file is invalid, a cluster ignores it, or it can never match.
    Error,
    /// It permits more than it seems to, or is likely a mistake.
    Warning,
    /// Advice. It fails no run.
    Note,
}

impl Level {
    /// Returns the level's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Note => "note",
        }
    }
}

/// The origin of a rule's findings.
#[derive(Clone, Copy, Debug)]
pub enum FoundBy {
    /// The decision finds the error when it reads an allowlist.
    Reading(Code),
    /// A function looks at each allowlist.
    Allowlist(fn(&Object<'_>, &mut Reports<'_>)),
    /// A function looks at each pattern in a field of an allowlist.
    Pattern(Field, fn(&Text<'_>, &str, &mut Reports<'_>)),
    /// A function looks at the criteria of each allowlist that is valid.
    Criteria(fn(&Object<'_>, &Allowlist<'_>, &mut Reports<'_>)),
    /// A function looks at each synchronizer.
    Synchronizer(fn(&Object<'_>, &Context<'_>, &mut Reports<'_>)),
    /// A function compares all objects.
    Comparison(fn(&[Object<'_>], &[Source<'_>], &mut Found)),
    /// The comments that suppress findings.
    Comment,
    /// The program that reads files of this kind, which is not part of this crate.
    Program,
}
