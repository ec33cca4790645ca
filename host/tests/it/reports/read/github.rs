//! Workflow commands, as GitHub's runner reads them from every line of the output.

use std::collections::BTreeMap;

/// A command that the runner executes.
#[derive(Debug)]
pub(crate) struct Command {
    pub(crate) name: String,
    pub(crate) properties: BTreeMap<String, String>,
    pub(crate) message: String,
}

/// Returns the commands, and the lines that only appear in the log.
pub(crate) fn read(output: &str) -> (Vec<Command>, Vec<String>) {
    let (mut commands, mut others) = (Vec::new(), Vec::new());
    // Every one of these ends a line for some program.
    for line in output.split(['\n', '\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}']) {
        match command(line) {
            Some(command) => commands.push(command),
            // The first version of commands may be anywhere in a line.
            None => {
                assert!(!line.contains("##["), "{line:?}");
                others.push(line.to_owned());
            }
        }
    }
    (commands, others)
}

/// `::name key=value,key=value::message`
fn command(line: &str) -> Option<Command> {
    let (head, message) = line.trim_start().strip_prefix("::")?.split_once("::")?;
    let (name, properties) = head.split_once(' ').unwrap_or((head, ""));
    let properties = properties.split(',').filter_map(|property| property.split_once('='));
    let unescaped = |value: &str| value.replace("%3A", ":").replace("%2C", ",");
    Some(Command {
        name: name.to_owned(),
        properties: properties.map(|(key, value)| (key.to_owned(), data(&unescaped(value)))).collect(),
        message: data(message),
    })
}

fn data(escaped: &str) -> String {
    escaped.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
}
