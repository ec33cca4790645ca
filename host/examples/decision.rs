//! Measures a decision. Prints `FIGURE<tab>VALUE` lines, in microseconds.
//!
//! Uses plain loops: a decision takes microseconds and allocates little. Other load on the machine only adds time, so the
//! fastest tenth of many batches is stable, and ratios of two figures are those of the code. `cargo xtask bench` adds
//! the lines to its table.

mod agent;
mod partners;

use std::error::Error;
use std::hint::black_box;
use std::time::{Duration, Instant};

use hallpass::engine::{Evaluator, Limits, Module, Policy};
use hallpass_document::{Diagnostic, Value};
use hallpass_policy::{AllowlistSet, Decision, Options, Profile, Role, Verdict, Workload, decide, manifests};
use hallpass_policy_server::{Server, no_cluster};

/// The input of a measurement.
const BATCHES: usize = 201;
const BATCH: Duration = Duration::from_millis(5);
const WARM_UP: Duration = Duration::from_millis(500);

fn main() -> Result<(), Box<dyn Error>> {
    let allowlist = read_yaml(agent::ALLOWLIST)?;
    let (found, _) = manifests(&allowlist);
    let allowlists = AllowlistSet::load(&found).set;
    let profile = Profile::autopilot();
    let options = Options::new(&profile);
    let module = Module::embedded(Limits::default())?;
    let policy =
        Policy { allowlists: found.iter().map(|manifest| manifest.value).collect(), ..Policy::default() };
    let load = serde_json::to_vec(&policy)?;
    let evaluator = || Evaluator::from_json(module.clone(), load.clone());
    let warm = evaluator()?;

    for (name, denied, verdict) in [("exempted", false, Verdict::Exempted), ("denied", true, Verdict::Denied)]
    {
        let json = serde_json::to_vec(&read_yaml(&agent::daemonset(1, denied))?)?;
        let value = Value::from_json(&json)?;
        with_workload(&value, |workload| {
            let decision = decide(workload, &allowlists, &options);
            // Measuring a wrong verdict is useless.
            if decision.verdict != verdict {
                return Err(
                    format!("`{}` where `{}` was meant", decision.verdict.name(), verdict.name()).into()
                );
            }
            let alone = time(|| decide(black_box(workload), &allowlists, &options));
            println!("decide-{name}\t{alone:.2}");
            Ok(())
        })?;
        let native = time(|| decide_json(black_box(&json), &allowlists, &options).ok());
        println!("json-{name}\t{native:.2}");
        if warm.judge_json(&json)?.workloads.first().map(|judged| judged.decision.verdict) != Some(verdict) {
            return Err(format!("the module's verdict is not `{}`", verdict.name()).into());
        }
        let wasm = time(|| warm.judge_json(black_box(&json)));
        println!("wasm-{name}\t{wasm:.2}\nwasm-ratio-{name}\t{:.3}", wasm / native);
        if !denied {
            let fresh = time(|| evaluator().and_then(|evaluator| evaluator.judge_json(black_box(&json))));
            println!("wasm-fresh\t{fresh:.2}");
        }
    }
    kubewarden()
}

/// The work of a policy server for each request: a fresh instance, which reads the settings and decides.
fn kubewarden() -> Result<(), Box<dyn Error>> {
    let server = Server::new()?;
    let texts: Vec<String> = (0..partners::COUNT).map(partners::allowlist).collect();
    let allowlists = texts.iter().map(|text| read_yaml(text)).collect::<Result<Vec<_>, _>>()?;
    for (name, manifest) in [
        (
            "admitted",
            agent::daemonset(1, false).replace("hostPath:", "emptyDir:").replace("path: /", "medium: /"),
        ),
        ("exempted", agent::daemonset(1, false)),
        ("denied", agent::daemonset(1, true)),
    ] {
        let object = read_yaml(&manifest)?;
        let payload = serde_json::to_vec(&serde_json::json!({
            "request": {
                "uid": "1299d386-525b-4032-98ae-1949f69f9cfc", "operation": "CREATE", "name": "acme-agent",
                "namespace": "acme", "kind": {"group": "apps", "version": "v1", "kind": "DaemonSet"},
                "userInfo": {"username": "kubernetes-admin", "groups": ["system:masters"]}, "object": object,
            },
            "settings": {"allowlists": allowlists},
        }))?;
        let answer = server.call("validate", &payload, no_cluster())?;
        let answer: serde_json::Value = serde_json::from_slice(&answer)?;
        if answer.pointer("/audit_annotations/verdict").is_none_or(|verdict| verdict != name) {
            return Err(format!("`{name}` was meant, and not {answer}").into());
        }
        let fresh = time(|| server.call("validate", black_box(&payload), no_cluster()));
        println!("kubewarden-{name}\t{fresh:.2}");
    }
    Ok(())
}

/// Everything that a front end does between the bytes and the verdict.
fn decide_json(
    json: &[u8],
    allowlists: &AllowlistSet<'_>,
    options: &Options<'_>,
) -> Result<Decision, Box<dyn Error>> {
    let value = Value::from_json(json)?;
    with_workload(&value, |workload| Ok(decide(workload, allowlists, options)))
}

fn with_workload<T>(
    value: &Value<'_>,
    run: impl FnOnce(&Workload<'_>) -> Result<T, Box<dyn Error>>,
) -> Result<T, Box<dyn Error>> {
    let (found, _) = manifests(value);
    let [manifest] = found.as_slice() else { return Err("one manifest was meant".into()) };
    let Role::Workload(kind) = manifest.role().map_err(|fault| fault.to_string())? else {
        return Err("a workload was meant".into());
    };
    run(&Workload::read(manifest, kind).map_err(first)?.workload)
}

/// Returns the time of a run in microseconds: the 10th percentile over all batches.
fn time<T>(mut run: impl FnMut() -> T) -> f64 {
    let warm_up = Instant::now();
    let mut runs = 0_u32;
    while warm_up.elapsed() < WARM_UP {
        black_box(run());
        runs += 1;
    }
    let in_batch = (f64::from(runs) * BATCH.div_duration_f64(warm_up.elapsed())).max(1.0) as u32;
    let mut batches: Vec<f64> = (0..BATCHES)
        .map(|_| {
            let start = Instant::now();
            for _ in 0..in_batch {
                black_box(run());
            }
            start.elapsed().as_secs_f64() * 1e6 / f64::from(in_batch)
        })
        .collect();
    batches.sort_unstable_by(f64::total_cmp);
    batches.get(BATCHES / 10).copied().unwrap_or(f64::NAN)
}

fn read_yaml(text: &str) -> Result<Value<'_>, Box<dyn Error>> {
    let document = hallpass_reader::read(text.as_bytes()).next().ok_or("one document was meant")??;
    Ok(document.root().clone())
}

/// Returns the first fault, which is sufficient for our own manifests.
fn first(faults: Vec<Diagnostic>) -> String {
    faults.first().map(ToString::to_string).unwrap_or_default()
}
