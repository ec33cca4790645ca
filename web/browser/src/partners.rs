//! The paths of partners' allowlists, from the data of `hallpass-renderer`. The crate itself is too large for a browser.

use hallpass_document::Value;

const DATA: &[u8] = include_bytes!("../../../renderer/data/partners.json");

/// Returns the paths of all known partners: `Datadog/datadog/*`.
pub(crate) fn paths() -> Vec<String> {
    let Some(Ok(document)) = hallpass_reader::read(DATA).next() else { return Vec::new() };
    let partners = items(document.root().get("partners"));
    let paths = partners.iter().flat_map(|partner| items(partner.get("paths")));
    paths.filter_map(|path| Some(path.get("path")?.as_str()?.to_owned())).collect()
}

fn items<'v, 'd>(list: Option<&'v Value<'d>>) -> &'v [Value<'d>] {
    match list {
        Some(Value::List(items)) => items,
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use hallpass_renderer::partners::Partners;

    #[test]
    fn every_path_is_found() {
        let known = Partners::known().partners.iter().flat_map(|partner| &partner.paths);
        assert_eq!(super::paths(), known.map(|path| path.path.as_str()).collect::<Vec<_>>());
    }
}
