//! M8: the command of an `exec` hook or probe must equal that of the entry. Other hooks and probes are not compared.

use super::Difference;
use super::container::ContainerPair;
use super::difference::{Commands, shown_command};
use super::tally::Tally;
use crate::decision::Rule;

pub(super) fn compare(pair: &ContainerPair<'_, '_, '_>, tally: &mut Tally) {
    for handler in &pair.container.handlers {
        let allowed = pair.allowed.handlers.iter().find(|allowed| allowed.on == handler.on);
        if allowed.is_some_and(|allowed| allowed.command == handler.command) {
            continue;
        }
        tally.add(|| {
            let on = handler.on.name();
            let below = format!("/{}/exec/command", handler.on.field());
            let name = pair.container.name;
            if let Some(allowed) =
                allowed.filter(|allowed| !allowed.command.is_empty() && !handler.command.is_empty())
            {
                let field = &format!("{on}.exec.command");
                let commands =
                    Commands { field, below: &below, has: &handler.command, wanted: &allowed.command };
                if !commands.are_short() {
                    return pair.mismatch(Rule::M8, commands.difference(pair));
                }
            }
            let wanted = allowed.and_then(|allowed| shown_command(&allowed.command));
            pair.mismatch(
                Rule::M8,
                Difference {
                    path: pair.path(&below),
                    workload: shown_command(&handler.command),
                    allowlist_path: pair.allowed_path(&below),
                    message: match &wanted {
                        Some(wanted) => format!("`{on}` of container `{name}` does not execute `{wanted}`"),
                        None => format!(
                            "`{on}` of container `{name}` executes a command, but the allowlist has none"
                        ),
                    },
                    help: match &wanted {
                        Some(wanted) => format!("set the command of `{on}` to `{wanted}`, in that order"),
                        None => format!(
                            "remove `exec` from `{on}`, or load a version of the allowlist that lists \
                            its command"
                        ),
                    },
                    expected: wanted,
                    assumption: None,
                },
            )
        });
    }
}
