//! "Did you mean": the known name nearest to one in the input.

/// Longer names, and candidates beyond this number, are not compared: both may have any size, and the cost of a
/// comparison is the product of both lengths.
const LONGEST: usize = 64;
const MOST: usize = 1000;

/// Returns "; did you mean `NAME`?" to append to a message that has no help line; nothing if no candidate is near.
#[must_use]
pub fn did_you_mean<'c>(written: &str, candidates: impl IntoIterator<Item = &'c str>) -> String {
    nearest(written, candidates).map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default()
}

/// Returns the candidate that `written` probably stands for: equal except for case, `-`, `_` and a plural, or one or
/// two letters away. `None` if no candidate is near, or if `written` is a candidate itself.
#[must_use]
pub fn nearest<'c>(written: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates.into_iter().take(MOST) {
        if candidate == written {
            return None;
        }
        if let Some(distance) = distance(written, candidate)
            && best.is_none_or(|(least, _)| distance < least)
        {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Returns the distance to a candidate that is near.
fn distance(written: &str, candidate: &str) -> Option<usize> {
    let singular = written.strip_suffix('s').unwrap_or(written);
    if folded(written).eq(folded(candidate)) || folded(singular).eq(folded(candidate)) {
        return Some(0);
    }
    let reach = match candidate.len() {
        0..=2 => 0,
        3..=7 => 1,
        8..=LONGEST => 2,
        _ => return None,
    };
    if candidate.len().abs_diff(written.len()) > reach || letters_apart(written, candidate) > reach {
        return None;
    }
    Some(strsim::osa_distance(written, candidate)).filter(|distance| *distance <= reach)
}

/// A lower bound of the distance that is far cheaper to compute: each edit adds or removes at most one letter.
fn letters_apart(one: &str, other: &str) -> usize {
    let letters = |name: &str| name.bytes().fold(0_u128, |seen, byte| seen | 1 << (byte & 127));
    let (one, other) = (letters(one), letters(other));
    (one & !other).count_ones().max((other & !one).count_ones()) as usize
}

fn folded(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).map(|c| c.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn finds_case_separators_and_typing_slips() {
        let fields = ["hostPID", "hostIPC", "securityContext", "env", "args"];
        assert_eq!(nearest("hostPid", fields), Some("hostPID"));
        assert_eq!(nearest("host_pid", fields), Some("hostPID"));
        assert_eq!(nearest("securitycontext", fields), Some("securityContext"));
        assert_eq!(nearest("securtyContext", fields), Some("securityContext"));
        assert_eq!(nearest("arg", fields), Some("args"));
        assert_eq!(nearest("envs", fields), Some("env"));
        assert_eq!(nearest("Pods", ["Job", "Pod"]), Some("Pod"));
    }

    #[test]
    fn long_names_cost_nothing() {
        let (written, candidate) = ("ab".repeat(1_000_000), "ba".repeat(1_000_000));
        assert_eq!(nearest(&written, [candidate.as_str()]), None);
    }

    #[test]
    fn stays_silent_when_nothing_is_near_or_the_name_is_right() {
        assert_eq!(nearest("end", ["env"]), Some("env"));
        assert_eq!(nearest("ed", ["env", "id"]), None);
        assert_eq!(nearest("hostPID", ["hostIPC", "hostPID"]), None);
        assert_eq!(nearest("tolerations", ["volumes", "containers"]), None);
    }
}
