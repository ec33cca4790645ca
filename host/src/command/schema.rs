//! `hallpass schema NAME`

use crate::cli::SchemaName;
use crate::exit::Exit;
use crate::output::write_stdout;

pub(crate) fn run(name: SchemaName) -> Exit {
    let schema = match name {
        SchemaName::Fleet => hallpass_renderer::SCHEMA,
        SchemaName::Allowlist => include_str!("../../../schemas/allowlist.schema.json"),
        SchemaName::Synchronizer => include_str!("../../../schemas/synchronizer.schema.json"),
        SchemaName::Crds => concat!(
            include_str!("../../../schemas/crds/allowlistsynchronizers.auto.gke.io.yaml"),
            "---\n",
            include_str!("../../../schemas/crds/workloadallowlists.auto.gke.io.yaml"),
        ),
        SchemaName::Profile => include_str!("../../../schemas/profile.schema.json"),
        SchemaName::KubewardenSettings => include_str!("../../../schemas/kubewarden-settings.schema.json"),
        SchemaName::Report => include_str!("../../../schemas/report.schema.json"),
        SchemaName::Render => include_str!("../../../schemas/render.schema.json"),
        SchemaName::Diff => include_str!("../../../schemas/diff.schema.json"),
        SchemaName::Status => include_str!("../../../schemas/status.schema.json"),
        SchemaName::Partners => include_str!("../../../schemas/partners.schema.json"),
    };
    write_stdout(schema.as_bytes(), Exit::Success)
}
