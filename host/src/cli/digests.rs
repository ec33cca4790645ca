//! The arguments of `hallpass digests`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use hallpass_author::digests::Old;

const AFTER_HELP: &str = "\
Examples:
  hallpass digests acme-agent-v1.1.0.yaml --from images.txt --write
  crane digest IMAGE | hallpass digests allowlist.yaml --from - --container agent

Exit codes:
  0  the allowlist is printed or written
  2  invalid usage
  3  input that cannot be read or is invalid, an image without a container, or a layout that is not what it claims; nothing is written
  4  an internal error";

#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Digests {
    /// The file with the WorkloadAllowlist, or - for stdin
    #[arg(value_name = "FILE|-")]
    pub(crate) allowlist: PathBuf,

    /// The images: the folder of an OCI image layout, or a file with one `IMAGE@sha256:DIGEST` or `sha256:DIGEST` per line,
    /// such as the output of `crane digest`, or - for stdin
    #[arg(long, value_name = "LAYOUT|FILE|-")]
    pub(crate) from: PathBuf,

    /// The container of all images; by default, the containers whose `image` an image matches
    #[arg(long, value_name = "NAME")]
    pub(crate) container: Option<String>,

    /// Verify that an OCI image layout has all manifests and layers of its images, with the digests and sizes that it
    /// claims, and that every digest from --from is one of these images
    #[arg(long, value_name = "FOLDER")]
    pub(crate) layout: Option<PathBuf>,

    /// What to do with digests that the allowlist already lists for these containers
    #[arg(long, value_name = "RULE", default_value = "keep")]
    pub(crate) old: OldDigests,

    /// Replace the file, and print the changes
    #[arg(long)]
    pub(crate) write: bool,
}

/// What becomes of listed digests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum OldDigests {
    /// They stay, for versions that still run
    Keep,
    /// They are removed
    Drop,
}

impl From<OldDigests> for Old {
    fn from(old: OldDigests) -> Self {
        match old {
            OldDigests::Keep => Old::Keep,
            OldDigests::Drop => Old::Drop,
        }
    }
}
