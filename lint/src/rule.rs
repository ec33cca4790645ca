//! Rules and their properties.

use hallpass_document::Code;
use hallpass_policy::Allowlist;

use crate::Context;
use crate::found::{Found, Reports};
use crate::object::{Kind, Object, Source};

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
    /// YAML with a finding of the rule. A comment on the first line may name the file: `# acme-agent-v1.yaml`.
    pub bad: &'static str,
    /// The same YAML, fixed: no rule has a finding in it.
    pub good: &'static str,
    /// The effect of its fix, if it has one that makes the bad example the good one.
    pub fix: Option<Effect>,
    /// The origin of its findings.
    pub found_by: FoundBy,
}

impl Rule {
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
#[derive(Clone, Copy)]
pub enum FoundBy {
    /// The decision finds the error when it reads an allowlist.
    Reading(Code),
    /// A function looks at each object of a kind.
    Object(Kind, fn(&Object<'_>, &Context<'_>, &mut Reports<'_>)),
    /// A function looks at each allowlist that is valid.
    Allowlist(fn(&Object<'_>, &Allowlist<'_>, &mut Reports<'_>)),
    /// A function compares all objects.
    Comparison(fn(&[Object<'_>], &[Source<'_>], &mut Found)),
    /// The comments that suppress findings.
    Comment,
    /// The program that reads files of this kind, which is not part of this crate.
    Program,
}

impl std::fmt::Debug for FoundBy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            FoundBy::Reading(_) => "Reading",
            FoundBy::Object(..) => "Object",
            FoundBy::Allowlist(_) => "Allowlist",
            FoundBy::Comparison(_) => "Comparison",
            FoundBy::Comment => "Comment",
            FoundBy::Program => "Program",
        })
    }
}
