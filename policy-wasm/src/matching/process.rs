//! M6: command and arguments.

use super::container::ContainerPair;
use super::tally::Tally;
use super::{Difference, listed, shown_command};
use crate::decision::Rule;

pub(super) fn compare(pair: &ContainerPair<'_, '_, '_>, tally: &mut impl Tally) {
    let (container, allowed) = (pair.container, pair.allowed);
    let name = container.name;
    if container.command != allowed.command {
        tally.add(|| {
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
            pair.mismatch(
                Rule::M6,
                Difference {
                    path: pair.path(&format!("/args/{index}")),
                    workload: Some((*arg).to_owned()),
                    expected: listed(allowed.args.texts.iter().copied()),
                    allowlist_path: pair.allowed_path("/args"),
                    message: format!("argument `{arg}` of container `{name}` is not in the allowlist"),
                    help: format!("remove the argument `{arg}`, or load a version of the allowlist that lists it under `args`"),
                    assumption: None,
                },
            )
        });
    }
}
