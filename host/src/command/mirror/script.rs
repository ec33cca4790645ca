//! The script that copies images.

use std::collections::BTreeSet;
use std::path::Path;

use hallpass_author::mirror::Copied;

use crate::cli::Copier;
use crate::input::word;
use crate::text::counted;

/// Returns a POSIX shell script that copies each image by its digest. Both programs copy every platform of an image.
pub(super) fn script(copier: Copier, images: &BTreeSet<Copied>) -> String {
    let count = counted(images.len(), "image");
    let mut script =
        format!("#!/bin/sh\n# Copies {count}. First log in to the registries: `{}`\n", copier.login());
    script.push_str("set -eu\n");
    for image in images {
        let (from, to) = (copier.argument(&image.original()), copier.argument(&image.copy()));
        script.push_str(&format!("{} {from} {to}\n", copier.command()));
    }
    script
}

impl Copier {
    fn command(self) -> &'static str {
        match self {
            Copier::Crane => "crane copy",
            // Without this option, skopeo could compress the layers, and so change the digest.
            Copier::Skopeo => "skopeo copy --all --preserve-digests",
        }
    }

    fn login(self) -> &'static str {
        match self {
            Copier::Crane => "crane auth login HOST",
            Copier::Skopeo => "skopeo login HOST",
        }
    }

    fn argument(self, reference: &str) -> String {
        match self {
            Copier::Crane => word(Path::new(reference)),
            Copier::Skopeo => word(Path::new(&format!("docker://{reference}"))),
        }
    }
}
