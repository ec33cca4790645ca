//! Hostile documents: wasmtime and the native engine reject the same documents, and return the same results.

use serde_json::json;

use super::question::native;
use super::wasmtime::{ask, module};

fn nested(open: &str, close: &str, depth: usize) -> Vec<u8> {
    format!("{}{}", open.repeat(depth), close.repeat(depth)).into_bytes()
}

/// Returns a Pod with `field` and `value` in its spec.
fn pod_with(field: &str, value: &str) -> Vec<u8> {
    format!(
        r#"{{"apiVersion": "v1", "kind": "Pod", "spec": {{"containers": [{{"name": "c", "image": "i"}}], {field}: {value}}}}}"#
    )
    .into_bytes()
}

fn documents() -> Vec<Vec<u8>> {
    let texts = [
        "",
        " ",
        "{",
        "}",
        "null",
        "true",
        "0",
        "-",
        "-0",
        "1e999",
        "-1e999",
        "0.1e",
        "01",
        "\"",
        "\"\\u\"",
        "\"\\ud800\"",
        "\"\\udc00\\ud800\"",
        "\"\\u0000\"",
        "\"\u{0}\"",
        "[1,]",
        "{\"a\":1,}",
        "{\"a\":1,\"a\":1}",
        "{\"a\":1,\"\\u0061\":1}",
        "{} {}",
        "{}\u{0}",
        "\u{feff}{}",
        "// {}",
        "NaN",
        "Infinity",
        "{a: 1}",
        "'a'",
        r#"{"apiVersion": "v1", "kind": "Pod", "kind": "Service"}"#,
        r#"{"apiVersion": "v1", "kind": "Pod", "spec": null}"#,
        r#"{"apiVersion": "v1", "kind": "Pod", "spec": {"containers": null}}"#,
        r#"{"apiVersion": "v1", "kind": "List", "items": [{"apiVersion": "v1", "kind": "List", "items": []}]}"#,
    ];
    let numbers = [
        "1.5",
        "-1.5",
        "0.1",
        "0.30000000000000004",
        "1e23",
        "9007199254740993.0",
        "2.2250738585072011e-308",
        "5e-324",
        "1.7976931348623157e308",
        "9223372036854775807",
        "9223372036854775808",
        "18446744073709551616",
        "-0.0",
        "1e3",
        "123456789012345678901234567890",
        "8.41e21",
        "2147483648.0",
        "4.35",
        "0.000001",
        "123456789.123456789",
    ];
    let mut documents: Vec<Vec<u8>> = texts.iter().map(|text| text.as_bytes().to_vec()).collect();
    for number in numbers {
        documents.push(pod_with("\"hostPID\"", number));
        documents.push(pod_with(
            "\"volumes\"",
            &format!(r#"[{{"name": "v", "configMap": {{"defaultMode": {number}}}}}]"#),
        ));
    }
    documents.extend([
        vec![0xff],
        vec![b'"', 0xc3, 0x28, b'"'],
        vec![b'"', 0xed, 0xa0, 0x80, b'"'],
        nested("[", "]", 128),
        nested("[", "]", 129),
        nested("[", "]", 100_000),
        nested("{\"a\":", "}", 129),
        "[".repeat(1_000_000).into_bytes(),
        format!("{{{}}}", (0..20_000).map(|key| format!("\"k{key}\":0")).collect::<Vec<_>>().join(","))
            .into_bytes(),
        format!("{{\"k\":0,{}\"k\":0}}", (0..20_000).map(|key| format!("\"k{key}\":0,")).collect::<String>())
            .into_bytes(),
        pod_with("\"nodeSelector\"", &format!("{{\"{}\": \"x\"}}", "a".repeat(300_000))),
        pod_with("\"hostPID\"", &format!("\"{}\"", "\\u202e".repeat(10_000))),
    ]);
    documents
}

#[test]
fn hostile_documents_come_out_as_they_do_natively() {
    let module = module();
    let load = json!({});
    for document in documents() {
        let shown: String = String::from_utf8_lossy(&document).chars().take(80).collect();
        assert_eq!(ask(&module, &load, &document), native("{}", &document), "{shown}");
    }
}
