//! Writes docs/lint.md.

use std::fmt::Write as _;

use crate::example::HEAD;
use crate::rule::{Effect, Level, Rule};
use crate::rules::ALL;

/// The maximum number of columns of a line.
const WIDTH: usize = 120;

const INTRODUCTION: &str = "\
# Lint

`hallpass lint PATH...` finds mistakes in WorkloadAllowlists, AllowlistSynchronizers, fleets and test files, without a
cluster. This page lists its rules; `hallpass explain RULE` prints one of them. The code writes this page, and a test holds
them together.

| level | meaning | exit code |
|---|---|---|
| error | the file is invalid, a cluster ignores it, or it can never match | 1 |
| warning | it permits more than it seems to, or is likely a mistake | 1 |
| note | advice | 0 |

`hallpass lint --fix` fixes findings in their files, and keeps every other byte. After it, an allowlist permits no workload that
it did not permit before. `--fix-all` also applies the fixes that may permit more: for example, a field with a typo gets its
effect. Review them with `hallpass diff`. An entry with a comment is not removed, because its comment would seem to be about
another entry; a comment that suppresses its findings goes with it.
";

const SUPPRESSION: &str = "
## Suppress findings

A comment in YAML suppresses findings, and says why:

```yaml
    image: ^.*$ # hallpass: allow any-image: customers mirror it under their own names
    # hallpass: allow loader-environment, shadowed-entry: the agent instruments Java
    env:
```

- `# hallpass: allow RULE[, RULE...]: REASON` at the end of a line covers the findings of these rules on that line. Alone
  on a line, it covers those on the next line that is neither a comment nor blank.
- A finding is on the line that the report names.
- An unknown rule, a missing reason, and a rule of which the comment covers no finding are findings of the rule
  [suppression](#suppression).
- Reports show suppressed findings with the reason, and they fail no run. JSON has no comments.
- Findings of [invalid-fleet](#invalid-fleet), [invalid-test](#invalid-test) and [suppression](#suppression) cannot be suppressed.

`--allow RULE` turns a rule off for one run.
";

/// Returns docs/lint.md.
#[must_use]
pub fn page() -> String {
    let mut page = INTRODUCTION.to_owned();
    for (level, title) in [(Level::Error, "Errors"), (Level::Warning, "Warnings"), (Level::Note, "Notes")] {
        let _ = write!(page, "\n## {title}\n\n| rule | finds | fixed by |\n|---|---|---|\n");
        for rule in ALL.iter().filter(|rule| rule.level == level) {
            let fix = rule.fix.map(option).unwrap_or_default();
            let _ = writeln!(page, "| [{id}](#{id}) | {} | {fix} |", rule.summary, id = rule.id);
        }
    }
    page.push_str(SUPPRESSION);
    let _ = write!(
        page,
        "\n## Rules\n\nExamples that begin with `containers` are parts of this allowlist:\n\n```yaml\n{HEAD}```\n"
    );
    ALL.iter().for_each(|rule| write_rule(&mut page, rule));
    page
}

fn write_rule(page: &mut String, rule: &Rule) {
    let fix = rule.fix.map(|effect| format!(" {} fixes it.", option(effect))).unwrap_or_default();
    let lead = format!("{}: {}.{fix}", capitalized(rule.level.name()), lowered(rule.summary));
    let _ = write!(page, "\n### {}\n\n{}\n\n{}\n", rule.id, wrapped(&lead), wrapped(rule.rationale));
    let _ = write!(
        page,
        "\nBad:\n\n```yaml\n{}```\n\nGood:\n\n```yaml\n{}```\n",
        part(&rule.bad()),
        part(&rule.good())
    );
}

/// Returns the option that applies fixes with an effect.
fn option(effect: Effect) -> &'static str {
    match effect {
        Effect::PermitsNoMore => "`--fix`",
        Effect::MayPermitMore => "`--fix-all`",
    }
}

/// Returns an example without the beginning that most examples share.
fn part(example: &str) -> &str {
    example.strip_prefix(HEAD).unwrap_or(example)
}

fn capitalized(word: &str) -> String {
    let mut characters = word.chars();
    characters.next().into_iter().flat_map(char::to_uppercase).chain(characters).collect()
}

/// Turns a sentence into the continuation of another one.
fn lowered(sentence: &str) -> String {
    let mut characters = sentence.chars();
    characters.next().into_iter().flat_map(char::to_lowercase).chain(characters).collect()
}

/// Breaks a paragraph into lines.
fn wrapped(paragraph: &str) -> String {
    let mut lines: Vec<String> = vec![String::new()];
    for word in paragraph.split_whitespace() {
        let Some(line) = lines.last_mut() else { break };
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > WIDTH {
            lines.push(word.to_owned());
            continue;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.join("\n")
}
