//! The fleet's expectations for one of its clusters.

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
    /// Selects a cluster by name, or the only cluster if no name is given.
    ///
    /// # Errors
    /// The name is missing, or no cluster has it.
    pub(crate) fn new(located: &'f Located<'f>, name: Option<&str>) -> Result<Self, String> {
        let mut clusters = located.fleet.clusters();
        let cluster = match name {
            Some(name) => clusters.find(|cluster| *cluster == name).ok_or_else(|| unknown(located, name))?,
            None => match (clusters.next(), clusters.next()) {
                (Some(only), None) => only,
                _ => {
                    return Err(format!(
                        "the fleet has several clusters: select one with `--cluster`: {}",
                        listed(located)
                    ));
                }
            },
        };
        Ok(Expected { located, cluster, wanted: located.fleet.wanted_on(cluster) })
    }

    /// Returns the expected state of a synchronizer; `None` if it is not in the fleet.
    pub(crate) fn wanted(&self, synchronizer: &str) -> Option<&Wanted<'f>> {
        self.wanted.iter().find(|wanted| wanted.name == synchronizer)
    }

    /// Returns the expected synchronizers that were not found.
    pub(crate) fn missing(&self, found: &[&str]) -> Vec<Missing> {
        let missing = self.wanted.iter().filter(|wanted| !found.contains(&wanted.name));
        missing
            .map(|wanted| Missing {
                name: wanted.name.to_owned(),
                problem: self.located.problem(
                    format!("{}/name", wanted.pointer),
                    format!(
                        "the fleet wants synchronizer `{}` on cluster `{}`, but the cluster does not have it",
                        wanted.name, self.cluster
                    ),
                    "check that the output of `hallpass render` is committed, and what Flux or Argo CD report",
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

/// Lists the names of the clusters, or the first few of many.
fn listed(located: &Located<'_>) -> String {
    const SHOWN: usize = 10;
    let names: Vec<String> = located.fleet.clusters().map(|name| format!("`{name}`")).collect();
    let more = if names.len() > SHOWN { ", ..." } else { "" };
    format!("{}{more}", names.into_iter().take(SHOWN).collect::<Vec<_>>().join(", "))
}
