//! The table, in Markdown.

use super::folder::Folder;

/// One measured figure. Less is better.
pub(super) struct Figure {
    pub(super) name: &'static str,
    pub(super) measured: f64,
    pub(super) target: f64,
    pub(super) unit: Unit,
}

#[derive(Clone, Copy)]
pub(super) enum Unit {
    Microseconds,
    Milliseconds,
    Seconds,
    Megabytes,
    Kilobytes,
    PercentOfACore,
    Requests,
    /// Of the native figure.
    Times,
    /// Of the figure with `-o json`.
    TimesJson,
}

impl Unit {
    fn name(self) -> &'static str {
        match self {
            Unit::Microseconds => "us",
            Unit::Milliseconds => "ms",
            Unit::Seconds => "s",
            Unit::Megabytes => "MB",
            Unit::Kilobytes => "KB",
            Unit::PercentOfACore => "% of a core",
            Unit::Requests => "requests",
            Unit::Times => "x native",
            Unit::TimesJson => "x `-o json`",
        }
    }

    /// As many digits as mean something.
    fn digits(self) -> usize {
        match self {
            Unit::Microseconds | Unit::Milliseconds => 1,
            Unit::Seconds => 3,
            Unit::Times | Unit::TimesJson | Unit::PercentOfACore | Unit::Requests => 2,
            Unit::Megabytes | Unit::Kilobytes => 0,
        }
    }
}

impl Figure {
    fn row(&self) -> String {
        let Figure { name, measured, target, unit } = self;
        let digits = unit.digits();
        let unit = unit.name();
        // A figure that is no number has met nothing.
        let verdict = if measured <= target {
            "ok".to_owned()
        } else {
            format!("MISSED: {:.2} times the target", measured / target)
        };
        format!("| {name} | {measured:.digits$} {unit} | <= {target} {unit} | {verdict} |")
    }
}

pub(super) fn print_table(figures: &[Figure], folder: &Folder, machine: &str) {
    println!("| figure | measured | target | |");
    println!("|---|---:|---:|---|");
    for figure in figures {
        println!("{}", figure.row());
    }
    let Folder { manifests, files, bytes, .. } = folder;
    #[expect(clippy::cast_precision_loss, reason = "shown with one digit")]
    let megabytes = *bytes as f64 / 1e6;
    println!(
        "\nMedians; memory is the highest of all runs. The folder: {manifests} DaemonSets in {files} files, \
         {megabytes:.1} MB. {machine}."
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missed_target_is_told_with_its_factor() {
        let figure = |measured| Figure { name: "start-up", measured, target: 10.0, unit: Unit::Milliseconds };
        assert_eq!(figure(9.96).row(), "| start-up | 10.0 ms | <= 10 ms | ok |");
        assert_eq!(figure(15.0).row(), "| start-up | 15.0 ms | <= 10 ms | MISSED: 1.50 times the target |");
        assert!(figure(f64::NAN).row().contains("MISSED"));
    }
}
