//! Random workloads and allowlists: wasmtime returns the same results as the native engine.

use hallpass_samples::{odd_pair, replace, seeded, tree};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value as Json, json};

use super::question::{native, sample};
use super::wasmtime::{ask, module};

thread_local! {
    static MODULE: hallpass::engine::Module = module();
}

fn agree(load: &Json, document: &Json) -> Result<(), TestCaseError> {
    let document = document.to_string();
    let native = native(&load.to_string(), document.as_bytes());
    let module = MODULE.with(|module| ask(module, load, document.as_bytes()));
    prop_assert_eq!(module, native, "{} against {}", document, load);
    Ok(())
}

proptest! {
    #![proptest_config(seeded(512, 0x656e_6769))]

    #[test]
    fn on_workloads_that_are_exempted_or_nearly((load, workload) in sample()) {
        agree(&load, &workload)?;
    }

    #[test]
    fn on_odd_documents(
        (mut workload, mut allowlist) in odd_pair(),
        odd in tree(),
        place in any::<Index>(),
        in_workload in any::<bool>(),
    ) {
        let changed = if in_workload { &mut workload } else { &mut allowlist };
        replace(changed, place, odd.clone());
        agree(&json!({"allowlists": [allowlist]}), &workload)?;
        agree(&json!({}), &odd)?;
    }
}
