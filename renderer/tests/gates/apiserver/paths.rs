//! The table of paths with the server.

use hallpass_renderer::admission::{Exempt, allow_only};
use rayon::prelude::*;
use serde_json::json;

use super::{SYNCHRONIZER, ask, identify, install, start};
use crate::paths::{covering, table};
use crate::policy::Request;

#[test]
fn the_server_follows_the_table_of_paths() {
    let Some(server) = start() else { return };
    let table = table();
    let mut allowed: Vec<_> = table.iter().flat_map(|(path, _)| covering(path)).collect();
    // It would allow everything, also the probe that shows whether the policy is in effect.
    allowed.retain(|entry| entry.path != "*");
    install(&server, &allow_only(&allowed, &Exempt::default()));
    table.par_iter().for_each(|(path, valid)| {
        let mut request = Request::create(json!({"allowlistPaths": [path]}));
        identify(&mut request.object, SYNCHRONIZER, "partner");
        match ask(&server, &request) {
            Ok(_) => assert!(valid, "{path:?} is admitted"),
            Err(refusal) => {
                assert!(!valid, "{path:?}: {refusal}");
                assert!(refusal.contains("is neither") || refusal.contains("an invalid path"), "{refusal}");
            }
        }
    });
}
