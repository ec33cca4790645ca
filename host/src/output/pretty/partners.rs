//! `hallpass partners`: a table.

use hallpass_renderer::partners::{Created, Partner, PartnerChart, Partners, Source};

use super::prose::{Piece, plain};
use super::style::{FAINT, STRONG, styled, width, wrapped};
use super::table::Table;
use crate::exit::Exit;
use crate::output::write_styled;

/// The mark for paths that are not on Google's page.
const ELSEWHERE: &str = "[1]";

pub(crate) fn print_partners(partners: &Partners) -> Exit {
    let width = width();
    let (listed, others): (Vec<_>, Vec<_>) =
        partners.partners.iter().partition(|partner| partner.needs_allowlist);
    let mut text = String::new();
    if !listed.is_empty() {
        let head = ["PARTNER", "SYNCHRONIZER PATH", "LABEL"].map(plain).to_vec();
        let rows = listed.iter().flat_map(|partner| rows(partner)).collect();
        Table { head, rows }.render(width, 0, &mut text);
        text.push('\n');
    }
    let charts: Vec<_> = listed.iter().flat_map(|partner| &partner.charts).map(chart).collect();
    if !charts.is_empty() {
        let head = ["CHART", "ITS SYNCHRONIZER", "TURNED OFF BY"].map(plain).to_vec();
        Table { head, rows: charts }.render(width, 0, &mut text);
        text.push('\n');
    }
    if !others.is_empty() {
        let names: Vec<&str> = others.iter().map(|partner| partner.name.as_str()).collect();
        let note = format!(
            "without an allowlist: {}. GKE admits them through lists that are not public, so a denial by `hallpass check` can \
             be wrong.",
            names.join(", ")
        );
        text.push_str(&format!("{}\n\n", wrapped(&note, width, 0)));
    }
    let mut sources = format!("from {}", partners.sources.google);
    let is_elsewhere = |partner: &&Partner| partner.paths.iter().any(|path| path.source == Source::Elsewhere);
    if listed.iter().any(is_elsewhere) {
        sources.push_str(&format!("; {ELSEWHERE} from {}", partners.sources.elsewhere));
    }
    text.push_str(&format!("{}\n", styled(FAINT, wrapped(&sources, width, 0))));
    write_styled(&text, Exit::Success)
}

fn chart(chart: &PartnerChart) -> Vec<Vec<Piece>> {
    let (values, release) = (chart.off.value_lines(), chart.off.release_lines());
    let off = if chart.created == Created::ByHand {
        "nothing: delete it, it was created by hand".to_owned()
    } else if !values.is_empty() {
        format!("values: {}", values.join(", "))
    } else if !release.is_empty() {
        format!("HelmRelease: {}", release.join(", "))
    } else {
        "nothing".to_owned()
    };
    vec![plain(chart.name.as_str()), plain(chart.synchronizer.as_str()), plain(off)]
}

/// One row per path, and one for each additional label.
fn rows(partner: &Partner) -> Vec<Vec<Vec<Piece>>> {
    let mut name = vec![Piece { style: STRONG, text: partner.name.clone() }];
    let mut rows = Vec::new();
    for path in &partner.paths {
        let mut shown = plain(path.path.as_str());
        if path.source == Source::Elsewhere {
            shown.push(Piece { style: FAINT, text: format!(" {ELSEWHERE}") });
        }
        let mut labels = path.labels.iter().map(|label| plain(label.as_str()));
        rows.push(vec![std::mem::take(&mut name), shown, labels.next().unwrap_or_default()]);
        rows.extend(labels.map(|label| vec![Vec::new(), Vec::new(), label]));
    }
    rows
}
