//! The allowlists of the cluster: a watch shows their versions; their contents are read only to compile them.

use std::collections::BTreeMap;

use kube::Client;
use kube::api::{Api, DynamicObject, ListParams};
use kube::runtime::reflector::Store;

use super::compilation::Allowlist;
use crate::cluster::shown;
use crate::object::{Revision, allowlists, fingerprint};
use crate::seen::Seen;

/// How many allowlists are read at once.
const PAGE: u32 = 500;

/// The versions of allowlists and the hashes of their metadata, by name.
pub(super) type Versions = BTreeMap<String, (Revision, u64)>;

/// All WorkloadAllowlists, including those that we did not install.
pub(super) struct Allowlists {
    api: Api<DynamicObject>,
    store: Store<Seen>,
}

impl Allowlists {
    /// The allowlists that the store's watch shows.
    pub(super) fn new(client: &Client, store: Store<Seen>) -> Self {
        Allowlists { api: Api::all_with(client.clone(), &allowlists()), store }
    }

    /// Returns the versions that the watch shows.
    pub(super) fn versions(&self) -> Versions {
        let state = self.store.state();
        state.iter().map(|seen| (seen.name.clone(), (seen.revision.clone(), seen.fingerprint))).collect()
    }

    /// Reads all allowlists.
    ///
    /// # Errors
    /// The API server does not answer.
    pub(super) async fn read(&self) -> Result<(Vec<Allowlist>, Versions), String> {
        let (mut found, mut versions) = (Vec::new(), Versions::new());
        let mut parameters = ListParams::default().limit(PAGE);
        loop {
            let page = self.api.list(&parameters).await.map_err(shown)?;
            for mut object in page.items {
                object.metadata.managed_fields = None;
                let name = object.metadata.name.clone().unwrap_or_default();
                let revision = Revision::of(&object.metadata);
                versions.insert(name.clone(), (revision.clone(), fingerprint(&object.metadata)));
                let json = serde_json::to_string(&object)
                    .map_err(|error| format!("the WorkloadAllowlist `{name}` cannot be read: {error}"))?;
                found.push(Allowlist { name, revision, json });
            }
            match page.metadata.continue_.filter(|token| !token.is_empty()) {
                Some(token) => parameters = parameters.continue_token(&token),
                None => return Ok((found, versions)),
            }
        }
    }
}
