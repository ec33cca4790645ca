//! Patterns that replace several texts of the same form.

use hallpass_re2::{Beyond, Entry, beyond};

use crate::entry::{escaped, text};

/// The fields that may contain patterns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Patterns {
    /// `image`
    pub image: bool,
    /// `args`
    pub args: bool,
    /// `env[].name`
    pub env: bool,
}

/// The minimum number of texts that a pattern replaces.
const LEAST: usize = 3;

/// One string of an allowlist.
#[derive(Clone, Debug)]
pub(super) struct Texts {
    /// The literal or the pattern.
    pub(super) written: String,
    /// The texts that a pattern replaces; empty for a literal.
    replaces: Vec<String>,
}

impl Texts {
    fn literal(literal: &str) -> Self {
        Texts { written: text(literal), replaces: Vec::new() }
    }

    /// Returns a remark on what a pattern replaces, and what else it accepts.
    pub(super) fn remark(&self) -> Option<String> {
        let replaced: Vec<Entry<'_>> = self.replaces.iter().map(|text| Entry::Text(text)).collect();
        let (first, last) = (self.replaces.first()?, self.replaces.last()?);
        let also = match beyond(&[Entry::Pattern(&self.written)], &replaced) {
            Ok(Beyond::Text(example)) => format!("; it also accepts others, such as `{example}`"),
            _ => String::new(),
        };
        Some(format!("decide: in place of {} texts, from `{first}` to `{last}`{also}", self.replaces.len()))
    }
}

/// Writes the names of variables. A pattern replaces names with a common prefix.
pub(super) fn of_env(names: &[&str], patterns: bool) -> Vec<Texts> {
    write(names, patterns, |name| name.split_inclusive('_').next())
}

/// Writes arguments. A pattern replaces arguments that differ only in the value of a flag.
pub(super) fn of_args(args: &[&str], patterns: bool) -> Vec<Texts> {
    write(args, patterns, |arg| arg.split_inclusive('=').next().filter(|flag| flag.ends_with('=')))
}

/// Returns the pattern of images in one repository.
pub(super) fn of_images(images: &[&str]) -> Option<Texts> {
    let (repository, _) = images.first()?.rsplit_once('/')?;
    let is_in = |image: &&str| image.rsplit_once('/').is_some_and(|(other, _)| other == repository);
    if images.iter().all(is_in) { shared(images) } else { None }
}

/// Replaces the texts of each form by its pattern, at the place of the first one. `form` returns a text's beginning.
fn write<'t>(texts: &[&'t str], patterns: bool, form: impl Fn(&'t str) -> Option<&'t str>) -> Vec<Texts> {
    let mut written: Vec<Texts> = Vec::new();
    let mut replaced: Vec<&str> = Vec::new();
    for literal in texts {
        if replaced.contains(literal) {
            continue;
        }
        let alike: Vec<&str> = match form(literal).filter(|_| patterns) {
            Some(form_of_it) => {
                texts.iter().copied().filter(|other| form(other) == Some(form_of_it)).collect()
            }
            None => Vec::new(),
        };
        match shared(&alike) {
            Some(pattern) => {
                replaced.extend(alike);
                written.push(pattern);
            }
            None => written.push(Texts::literal(literal)),
        }
    }
    written
}

/// Returns the pattern for texts that share a beginning, and continue with ordinary characters.
fn shared(texts: &[&str]) -> Option<Texts> {
    let first = texts.first()?;
    if texts.len() < LEAST {
        return None;
    }
    let common = texts.iter().fold(*first, |common, text| {
        let same = common.char_indices().zip(text.chars()).find(|((_, one), other)| one != other);
        let end = same.map_or(common.len().min(text.len()), |((at, _), _)| at);
        common.get(..end).unwrap_or_default()
    });
    // Up to a separator: an equal beginning of a word is a coincidence.
    let end = common.rfind(['_', '-', '=', '/', '.']).map(|at| at + 1)?;
    let (prefix, _) = common.split_at_checked(end)?;
    let rests: Vec<&str> = texts.iter().filter_map(|text| text.strip_prefix(prefix)).collect();
    let class = class(&rests)?;
    let times = if rests.contains(&"") { '*' } else { '+' };
    let written = format!("^{}[{class}]{times}$", escaped(prefix));
    Some(Texts { written, replaces: texts.iter().map(|text| (*text).to_owned()).collect() })
}

/// Returns the narrowest class of ordinary characters, as written in brackets.
fn class(rests: &[&str]) -> Option<String> {
    let mut class = String::new();
    let all = || rests.iter().flat_map(|rest| rest.chars());
    for (written, holds) in [
        ("A-Z", (|c| c.is_ascii_uppercase()) as fn(char) -> bool),
        ("a-z", |c| c.is_ascii_lowercase()),
        ("0-9", |c| c.is_ascii_digit()),
        ("_", |c| c == '_'),
        (".", |c| c == '.'),
        (":", |c| c == ':'),
        ("-", |c| c == '-'),
    ] {
        if all().any(holds) {
            class.push_str(written);
        }
    }
    let is_ordinary = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | ':' | '-');
    (!class.is_empty() && all().all(is_ordinary)).then_some(class)
}
