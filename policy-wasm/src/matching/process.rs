//! M6: `command` must be equal as a whole; each argument must equal or match an entry of `args`, in any order.

use super::container::ContainerPair;
use super::difference::{Commands, differing, is_short, shown, shown_command, similar};
use super::tally::Tally;
use super::{Difference, listed_for};
use crate::decision::Rule;

pub(super) fn compare(pair: &ContainerPair<'_, '_, '_>, tally: &mut Tally) {
    let (container, allowed) = (pair.container, pair.allowed);
    let name = container.name;
    if container.command != allowed.command {
        tally.add(|| {
            let (field, below) = ("command", "/command");
            let commands = Commands { field, below, has: &container.command, wanted: &allowed.command };
            if !commands.has.is_empty() && !commands.wanted.is_empty() && !commands.are_short() {
                return pair.mismatch(Rule::M6, commands.difference(pair));
            }
            let (has, wanted) = (shown_command(&container.command), shown_command(&allowed.command));
            let help = match &wanted {
                Some(command) => {
                    format!("set the command of container `{name}` to `{command}`, in that order")
                }
                None => format!("remove the command of container `{name}`"),
            };
            pair.mismatch(
                Rule::M6,
                Difference {
                    path: pair.path("/command"),
                    message: match (&has, &wanted) {
                        (Some(has), Some(wanted)) => {
                            format!("the command of container `{name}` is `{has}`, not `{wanted}`")
                        }
                        (Some(has), None) => format!("container `{name}` sets the command `{has}`"),
                        (None, _) => format!("container `{name}` sets no command"),
                    },
                    workload: has,
                    expected: Some(wanted.unwrap_or_else(|| "no command".to_owned())),
                    allowlist_path: pair.allowed_path("/command"),
                    help,
                    assumption: None,
                },
            )
        });
    }
    for (index, arg) in container.args.iter().enumerate() {
        if tally.is_over() {
            return;
        }
        if allowed.args.matcher.matches(arg) {
            continue;
        }
        tally.add(|| {
            let path = format!("/args/{index}");
            let near = if is_short(arg) { None } else { similar(arg, &allowed.args.texts) };
            let entry = near.and_then(|near| Some((near, *allowed.args.texts.get(near)?)));
            let called = format!("`args[{index}]` of container `{name}`");
            let difference = match entry {
                Some((near, entry)) => Difference {
                    path: pair.path(&path),
                    workload: Some((*arg).to_owned()),
                    expected: Some(entry.to_owned()),
                    allowlist_path: pair.allowed_path(&format!("/args/{near}")),
                    message: differing(&called, arg, entry),
                    help: "make it equal to the allowlist's, byte for byte, or load a version of the allowlist that \
                           lists it under `args`"
                        .to_owned(),
                    assumption: None,
                },
                None => Difference {
                    path: pair.path(&path),
                    workload: Some((*arg).to_owned()),
                    expected: listed_for(arg, allowed.args.texts.clone()),
                    allowlist_path: pair.allowed_path("/args"),
                    message: match is_short(arg) {
                        true => format!("argument `{arg}` of container `{name}` is not in the allowlist"),
                        false => format!("{called}, `{}`, is not in the allowlist", shown(arg)),
                    },
                    help: format!(
                        "remove the argument `{}`, or load a version of the allowlist that lists it under `args`",
                        shown(arg)
                    ),
                    assumption: None,
                },
            };
            pair.mismatch(Rule::M6, difference)
        });
    }
}
