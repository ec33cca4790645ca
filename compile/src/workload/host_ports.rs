//! The annotation that makes GKE assign host ports (rule C4).

use hallpass_workload::HOST_PORT_ANNOTATION;

use crate::text::literal;
use crate::variable::Variable;

pub(super) fn variables() -> Vec<Variable> {
    let key = literal(HOST_PORT_ANNOTATION);
    vec![
        Variable::new(
            "host_port_ranges",
            format!(
                "[variables.annotations, variables.object_annotations].filter(map, {key} in map).map(map, map[{key}])"
            ),
        ),
        Variable::new(
            "host_port_ranges_valid",
            format!("variables.host_port_ranges.all(range,{})", is_range("range")),
        ),
    ]
}

/// Returns the condition that a text is a JSON object of two ports, the lower one first, without escapes and duplicate keys.
fn is_range(text: &str) -> String {
    const SPACE: &str = r"[ \t\r\n]*";
    let port = format!("{SPACE}[1-9][0-9]{{0,4}}{SPACE}");
    let [min, max] = ["min", "max"].map(|name| format!("{SPACE}\"{name}\"{SPACE}:{port}"));
    let form = |first: &str, second: &str| literal(&format!("^{SPACE}\\{{{first},{second}\\}}{SPACE}$"));
    let number =
        |index: usize, end: char| format!("int({text}.split(':')[{index}].split('{end}')[0].trim())");
    let (first, second) = (number(1, ','), number(2, '}'));
    format!(
        "\n  {text}.matches({}) && {first} <= {second} && {second} <= 65535 ||\n  \
         {text}.matches({}) && {second} <= {first} && {first} <= 65535",
        form(&min, &max),
        form(&max, &min)
    )
}
