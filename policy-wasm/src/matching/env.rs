//! M7: each environment variable's name must equal or match an entry; each source in `envFrom` must equal one.

use super::container::ContainerPair;
use super::tally::Tally;
use super::{Difference, listed, listed_for};
use crate::decision::Rule;
use hallpass_document::nearest;
use hallpass_workload::COMPLETION_INDEX;

pub(super) fn compare(pair: &ContainerPair<'_, '_, '_>, tally: &mut Tally) {
    let (container, allowed) = (pair.container, pair.allowed);
    for (index, name) in container.env.iter().enumerate() {
        if allowed.env.matcher.matches(name) {
            continue;
        }
        tally.add(|| {
            let near = nearest(name, allowed.env.texts.iter().copied());
            let fix = match near {
                Some(near) => format!("rename env `{name}` to `{near}` if that was intended"),
                None => format!("remove env `{name}`"),
            };
            pair.mismatch(
                Rule::M7,
                Difference {
                    path: pair.path(&format!("/env/{index}/name")),
                    workload: Some((*name).to_owned()),
                    expected: listed_for(name, allowed.env.texts.clone()),
                    allowlist_path: pair.allowed_path("/env"),
                    message: format!(
                        "env `{name}` of container `{}` is not in the allowlist",
                        container.name
                    ),
                    help: format!("{fix}, or load a version of the allowlist that lists it under `env`"),
                    assumption: None,
                },
            )
        });
        if tally.is_over() {
            return;
        }
    }
    compare_completion_index(pair, tally);
    for source in &container.env_from {
        if allowed.has_env_from(source.source, source.name) {
            continue;
        }
        let same_kind = || allowed.env_from.iter().filter(|allowed| allowed.source == source.source);
        tally.add(|| {
            let (kind, name) = (source.source.kind(), source.name);
            // A pattern looks as if it should match, but `envFrom` is compared literally.
            let literal = if same_kind().any(|allowed| allowed.name.starts_with('^')) {
                "; patterns have no effect here"
            } else {
                ""
            };
            pair.mismatch(
                Rule::M7,
                Difference {
                    path: pair.path(&format!("/envFrom/{}/{}/name", source.index, source.source.field())),
                    workload: Some(name.to_owned()),
                    expected: listed(&same_kind().map(|allowed| allowed.name).collect::<Vec<_>>()),
                    allowlist_path: pair.allowed_path("/envFrom"),
                    message: format!(
                        "{kind} `{name}` in `envFrom` of container `{}` is not in the allowlist{literal}",
                        container.name
                    ),
                    help: format!(
                        "remove {kind} `{name}` from `envFrom`, or load a version of the allowlist that lists that name"
                    ),
                    assumption: None,
                },
            )
        });
    }
}

/// The controller of an indexed Job adds a variable to each container that is not in the manifest (rule W2).
fn compare_completion_index(pair: &ContainerPair<'_, '_, '_>, tally: &mut Tally) {
    let Some(path) = &pair.pair.workload.completion_index else { return };
    let (container, allowed) = (pair.container, pair.allowed);
    if container.env.contains(&COMPLETION_INDEX) || allowed.env.matcher.matches(COMPLETION_INDEX) {
        return;
    }
    tally.add(|| {
        pair.mismatch(
            Rule::M7,
            Difference {
                path: path.clone(),
                workload: Some(COMPLETION_INDEX.to_owned()),
                expected: listed(&allowed.env.texts),
                allowlist_path: pair.allowed_path("/env"),
                message: format!(
                    "env `{COMPLETION_INDEX}`, which `completionMode: Indexed` adds to container `{}`, is not in \
                     the allowlist",
                    container.name
                ),
                help: "remove `completionMode: Indexed`, or load a version of the allowlist that lists it under `env`"
                    .to_owned(),
                assumption: None,
            },
        )
    });
}
