//! What a fleet says about one of its clusters.

use hallpass_document::nearest;
use hallpass_renderer::Wanted;

use crate::fleet::Located;
use crate::status::Missing;

/// The synchronizers that a cluster should have.
pub(crate) struct Expected<'f> {
    located: &'f Located<'f>,
    cluster: &'f str,
    wanted: Vec<Wanted<'f>>,
}

impl<'f> Expected<'f> {
    /// Of the cluster of that name; without a name, of the only one.
    ///
    /// # Errors
    /// What is wrong about the name.
    pub(crate) fn new(located: &'f Located<'f>, name: Option<&str>) -> Result<Self, String> {
        let mut clusters = located.fleet.clusters();
        let cluster = match name {
            Some(name) => clusters.find(|cluster| *cluster == name).ok_or_else(|| unknown(located, name))?,
            None => match (clusters.next(), clusters.next()) {
                (Some(only), None) => only,
                _ => {
                    return Err(format!(
                        "the fleet has several clusters: say with `--cluster` which one this is: {}",
                        listed(located)
                    ));
                }
            },
        };
        Ok(Expected { located, cluster, wanted: located.fleet.wanted_on(cluster) })
    }

    /// What a synchronizer should be; nothing for one that the fleet does not know.
    pub(crate) fn wanted(&self, synchronizer: &str) -> Option<&Wanted<'f>> {
        self.wanted.iter().find(|wanted| wanted.name == synchronizer)
    }

    /// What is wanted and not among those found.
    pub(crate) fn missing(&self, found: &[&str]) -> Vec<Missing> {
        let missing = self.wanted.iter().filter(|wanted| !found.contains(&wanted.name));
        missing
            .map(|wanted| Missing {
                name: wanted.name.to_owned(),
                problem: self.located.problem(
                    format!("{}/name", wanted.pointer),
                    format!(
                        "the fleet wants synchronizer `{}` on cluster `{}`, which does not have it",
                        wanted.name, self.cluster
                    ),
                    "see whether what `hallpass render` writes is committed, and what Flux or Argo CD say of it",
                ),
            })
            .collect()
    }
}

fn unknown(located: &Located<'_>, name: &str) -> String {
    match nearest(name, located.fleet.clusters()) {
        Some(meant) => format!("the fleet has no cluster `{name}`: did you mean `{meant}`?"),
        None => format!("the fleet has no cluster `{name}`, only {}", listed(located)),
    }
}

/// The names of the clusters. Of hundreds, the first few show what they look like.
fn listed(located: &Located<'_>) -> String {
    const SHOWN: usize = 10;
    let names: Vec<String> = located.fleet.clusters().map(|name| format!("`{name}`")).collect();
    let more = if names.len() > SHOWN { ", ..." } else { "" };
    format!("{}{more}", names.into_iter().take(SHOWN).collect::<Vec<_>>().join(", "))
}
