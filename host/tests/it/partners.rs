//! Validates the report of `partners -o json` against its schema.

use serde_json::Value;

use crate::support::hallpass;

fn json(arguments: &[&str]) -> Value {
    let output = hallpass().args(arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn the_list_is_as_its_schema_says() {
    let validator = jsonschema::draft202012::new(&json(&["schema", "partners"])).unwrap();
    let all = json(&["partners", "-o", "json"]);
    let one = json(&["partners", "dynatrace", "-o", "json"]);
    for list in [&all, &one] {
        let faults: Vec<String> = validator.iter_errors(list).map(|error| error.to_string()).collect();
        assert!(faults.is_empty(), "{faults:#?}");
    }
    assert!(all["partners"].as_array().unwrap().len() > 30);
    assert_eq!(one["partners"].as_array().unwrap().len(), 1);
    assert_eq!(one["partners"][0]["paths"].as_array().unwrap().len(), 3);
}
