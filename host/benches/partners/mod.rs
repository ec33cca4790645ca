//! The allowlists of a cluster: of many partners, 300 lines each.

/// How many there are.
pub(crate) const COUNT: usize = 20;

/// The allowlist of one partner. All exempt from the same constraints; only that of the first matches the DaemonSet.
pub(crate) fn allowlist(number: usize) -> String {
    let name = if number == 0 { "acme".to_owned() } else { format!("partner{number:02}") };
    include_str!("partner.yaml").replace("{partner}", &name)
}
