//! `hallpass schema NAME`

use crate::cli::SchemaName;
use crate::exit::Exit;
use crate::output::write_stdout;

pub(crate) fn run(name: SchemaName) -> Exit {
    let schema = match name {
        SchemaName::Fleet => hallpass_schemas::FLEET,
        SchemaName::Allowlist => hallpass_schemas::ALLOWLIST,
        SchemaName::Synchronizer => hallpass_schemas::SYNCHRONIZER,
        SchemaName::Crds => hallpass_schemas::CRDS,
        SchemaName::Profile => hallpass_schemas::PROFILE,
        SchemaName::Config => hallpass_schemas::CONFIG,
        SchemaName::KubewardenSettings => hallpass_schemas::KUBEWARDEN_SETTINGS,
        SchemaName::Test => hallpass_schemas::TEST,
        SchemaName::TestReport => hallpass_schemas::TEST_REPORT,
        SchemaName::Report => hallpass_schemas::REPORT,
        SchemaName::Render => hallpass_schemas::RENDER,
        SchemaName::RenderDiff => hallpass_schemas::RENDER_DIFF,
        SchemaName::Status => hallpass_schemas::STATUS,
        SchemaName::Lint => hallpass_schemas::LINT,
        SchemaName::Diff => hallpass_schemas::DIFF,
        SchemaName::VerdictDiff => hallpass_schemas::VERDICT_DIFF,
        SchemaName::Partners => hallpass_schemas::PARTNERS,
    };
    write_stdout(schema.as_bytes(), Exit::Success)
}
