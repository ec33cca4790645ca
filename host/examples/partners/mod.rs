//! The allowlists of a cluster: from many partners, with 300 lines each.

/// The number of allowlists.
pub(crate) const COUNT: usize = 20;

/// The allowlist of one partner. All exempt from the same constraints; only the last one matches the DaemonSet, and the
/// others are ruled out only by their images.
pub(crate) fn allowlist(number: usize) -> String {
    let is_last = number + 1 == COUNT;
    let partner = if is_last { "acme".to_owned() } else { format!("partner{number:02}") };
    let name = if is_last { "zz-acme" } else { &partner };
    include_str!("partner.yaml").replace("{name}", name).replace("{partner}", &partner)
}
