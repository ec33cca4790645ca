//! The arguments of `hallpass compile`.

use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;
use hallpass_compile::{Action, Binding, NAME, Shard, namespace, policy_name};
use hallpass_policy::GkeVersion;

const AFTER_HELP: &str = "\
Examples:
  hallpass compile --allowlists allowlists/ --bind Warn,Audit | kubectl apply --server-side -f -
  hallpass compile --allowlists allowlists/ --bind Deny@env=prod --bind Warn@env!=prod -o policies/
  hallpass compile --allowlists allowlists/ -o policies/ --check

Exit codes:
  0  the policies are printed or written; with --check, they are up to date
  1  with --check: the policies are out of date
  2  invalid usage
  3  input that cannot be read or is invalid, or policies that the API server would refuse; nothing is written
  4  an internal error";

#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Compile {
    /// WorkloadAllowlists to compile: files, folders, or - for stdin; repeat the option for several. Without any, every
    /// workload that violates a constraint is refused
    #[arg(short, long, value_name = "PATH|-", num_args = 1)]
    pub(crate) allowlists: Vec<PathBuf>,

    /// The constraints to enforce: those that make sense on any Kubernetes cluster (kubernetes), those of GKE Autopilot
    /// (autopilot), or those of a ConstraintProfile file
    #[arg(long, value_name = "kubernetes|autopilot|FILE", default_value = "kubernetes")]
    pub(crate) profile: PathBuf,

    /// The cluster's version, such as 1.34.1-gke.1000000: allowlists for later versions admit nothing
    #[arg(long, value_name = "VERSION")]
    pub(crate) gke_version: Option<GkeVersion>,

    /// How the allowlists are distributed over policies
    #[arg(long, value_name = "HOW", default_value = "none")]
    pub(crate) shard: Shard,

    /// What happens to refused requests, and in which namespaces: Deny, Warn, Audit or several of them, separated by commas,
    /// and a label selector. Repeat the option for more bindings
    #[arg(long, value_name = "ACTIONS[@SELECTOR]", default_value = "Deny")]
    pub(crate) bind: Vec<Bind>,

    /// A namespace to which the policies do not apply; repeat the option for several. The default is that of the control plane
    #[arg(long, value_name = "NAMESPACE", default_value = "kube-system", value_parser = namespace)]
    pub(crate) exclude_namespace: Vec<String>,

    /// A user to whom the policies do not apply, such as system:serviceaccount:ops:debugger; repeat the option for several
    #[arg(long, value_name = "USER")]
    pub(crate) exempt_user: Vec<String>,

    /// A group to which the policies do not apply; repeat the option for several
    #[arg(long, value_name = "GROUP")]
    pub(crate) exempt_group: Vec<String>,

    /// The name of the policy, and the start of the names of all others
    #[arg(long, value_name = "NAME", default_value = NAME, value_parser = policy_name)]
    pub(crate) name: String,

    /// The folder for the policies, one file each; by default, they are printed. Files that hallpass did not write there are
    /// not touched
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: Option<PathBuf>,

    /// Write nothing: show what would change in the folder, and exit with 1 if anything would
    #[arg(long, requires = "output")]
    pub(crate) check: bool,

    /// Print only what needs action
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

/// The value of `--bind`.
#[derive(Clone, Debug)]
pub(crate) struct Bind(pub(crate) Binding);

impl FromStr for Bind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (actions, selector) = match text.split_once('@') {
            Some((actions, selector)) => (actions, Some(selector)),
            None => (text, None),
        };
        let actions =
            actions.split(',').map(|name| Action::named(name.trim())).collect::<Result<Vec<_>, _>>()?;
        let namespaces =
            selector.map(|selector| selector.parse().map_err(|error| format!("{error}"))).transpose()?;
        Binding::new(actions, namespaces).map(Bind)
    }
}
