//! Validates a document against its schema, and describes the violations.
//!
//! The texts come from the schema: a `title` names the expected value, a `description` says what to write. Editors show
//! the same texts.

use hallpass_document::{At, Diagnostic, Diagnostics, Value, listed};
use jsonschema::Validator;
use jsonschema::error::ValidationErrorKind as Kind;
use jsonschema::paths::{Location, LocationSegment};
use serde_json::Value as Json;

/// A JSON Schema, with the words for messages.
pub struct Schema {
    json: Json,
    validator: Validator,
    /// The name of the schema for `hallpass schema`, and of the document in messages: `fleet`.
    name: &'static str,
    /// Lists whose items have names, and what an item is called.
    items: &'static [(&'static str, &'static str)],
}

impl Schema {
    /// Parses a schema that is part of the program. `name` is its name for `hallpass schema`, and `items` says how an
    /// item of a list is called: `("clusters", "cluster")`.
    ///
    /// # Panics
    /// The text is not a JSON Schema.
    #[must_use]
    #[expect(clippy::expect_used, reason = "the schema is part of the program, and tests parse each")]
    pub fn new(
        text: &'static str,
        name: &'static str,
        items: &'static [(&'static str, &'static str)],
    ) -> Self {
        let json = serde_json::from_str(text).expect("the schema is JSON");
        let validator = jsonschema::validator_for(&json).expect("the schema is a schema");
        Schema { json, validator, name, items }
    }

    /// Adds an error for each violation. `json` is the document `written` in the form that the schema describes.
    pub fn validate(&self, json: &Json, written: &Value<'_>, faults: &mut Diagnostics) {
        let mut found = Vec::new();
        for error in self.validator.iter_errors(json) {
            let broken = Broken {
                schema: self,
                at: error.instance_path(),
                rule: error.schema_path(),
                json: error.instance(),
                written,
            };
            broken.report(error.kind(), &mut found);
        }
        // Sorted, because the validator does not specify its order.
        found.sort_by_cached_key(|fault| steps(&fault.path));
        found.into_iter().for_each(|fault| faults.error(fault));
    }
}

fn steps(pointer: &str) -> Vec<(usize, String)> {
    pointer.split('/').map(|step| (step.parse().unwrap_or_default(), step.to_owned())).collect()
}

/// The longest text that a help line repeats, in bytes.
const LONGEST_ITEM: usize = 100;

/// A violated rule of the schema.
struct Broken<'b, 'w> {
    schema: &'b Schema,
    at: &'b Location,
    rule: &'b Location,
    json: &'b Json,
    written: &'w Value<'w>,
}

impl<'b, 'w> Broken<'b, 'w> {
    fn report(&self, kind: &Kind, found: &mut Vec<Diagnostic>) {
        let here = self.at.as_str().to_owned();
        let fault = match kind {
            Kind::AdditionalProperties { unexpected } => {
                return found.extend(unexpected.iter().map(|key| self.unknown(key)));
            }
            Kind::Required { property } => {
                let name = property.as_str().unwrap_or_default();
                Diagnostic::new(format!("{here}/{name}"), format!("{} has no `{name}`", self.called()))
                    .help(self.description_of(name).unwrap_or("add it"))
            }
            Kind::Type { .. } => {
                let fault = Diagnostic::mistyped(here, &self.called(), self.value(), self.wanted_type());
                match (self.as_list(), &fault.help) {
                    (Some(list), _) => fault.help(format!("write `{list}`")),
                    (None, Some(_)) => fault,
                    (None, None) => fault.help(self.description()),
                }
            }
            Kind::Enum { options } => self.no_option(here, options),
            Kind::Constant { expected_value } => Diagnostic::new(
                here,
                format!(
                    "this is not a {}: {} is not {}",
                    self.schema.name,
                    self.called(),
                    shown(expected_value)
                ),
            )
            .help(self.description()),
            Kind::Pattern { .. } | Kind::MaxLength { .. } => {
                let title = self.violated().and_then(|schema| schema.get("title")).and_then(Json::as_str);
                Diagnostic::new(here, format!("{} is not {}", self.quoted(), title.unwrap_or("valid")))
                    .help(self.description())
            }
            Kind::MinItems { .. } | Kind::MinLength { .. } | Kind::MinProperties { .. } => {
                Diagnostic::new(here, format!("{} is empty", self.called())).help(self.description())
            }
            Kind::Minimum { .. } | Kind::Maximum { .. } => {
                Diagnostic::new(here, format!("{} is out of range: {}", self.called(), self.quoted()))
                    .help(self.description())
            }
            Kind::OneOfNotValid { .. } => {
                Diagnostic::new(here, format!("{} has none of {}", self.called(), self.choices()))
                    .help("set exactly one of them")
            }
            Kind::OneOfMultipleValid { .. } => {
                Diagnostic::new(here, format!("{} has more than one of {}", self.called(), self.choices()))
                    .help("keep one of them")
            }
            _ => {
                let name = self.schema.name;
                Diagnostic::new(here, format!("{} does not match the schema of a {name}", self.called()))
                    .help(format!("`hallpass schema {name}` prints it"))
            }
        };
        found.push(fault);
    }

    fn unknown(&self, key: &str) -> Diagnostic {
        let path = At::pointer_to(self.at.as_str()).key(key).pointer();
        let fault = Diagnostic::new(path, format!("{} has no field `{key}`", self.called())).in_key();
        let properties =
            self.violated().and_then(|schema| schema.get("properties")).and_then(Json::as_object);
        let mut known: Vec<&str> = properties.into_iter().flatten().map(|(name, _)| name.as_str()).collect();
        known.sort_unstable();
        fault.suggest(
            key,
            known.iter().copied(),
            if known.is_empty() {
                "remove it: no fields are allowed here".to_owned()
            } else {
                format!("known here: {}", known.join(", "))
            },
        )
    }

    fn no_option(&self, here: String, options: &Json) -> Diagnostic {
        let Value::String(written) = self.value() else {
            return Diagnostic::mistyped(here, &self.called(), self.value(), "a string")
                .help(self.description());
        };
        let fault = Diagnostic::new(here, format!("{} cannot be `{written}`", self.called()));
        let options = options.as_array().into_iter().flatten().filter_map(Json::as_str);
        fault.suggest(written, options, self.description())
    }

    /// Returns the schema that contains the violated rule.
    fn violated(&self) -> Option<&'b Json> {
        let (holder, _rule) = self.rule.as_str().rsplit_once('/')?;
        self.schema.json.pointer(holder)
    }

    fn description(&self) -> &'b str {
        self.violated().and_then(|schema| schema.get("description")?.as_str()).unwrap_or("fix it")
    }

    /// Returns the description of a field: next to the reference to its schema, or in that schema.
    fn description_of(&self, field: &str) -> Option<&'b str> {
        let field = self.violated()?.get("properties")?.get(field)?;
        let referred =
            || self.schema.json.pointer(field.get("$ref")?.as_str()?.strip_prefix('#')?)?.get("description");
        field.get("description").or_else(referred)?.as_str()
    }

    fn wanted_type(&self) -> &'static str {
        let wanted = self.violated().and_then(|schema| schema.get("type"));
        match wanted.and_then(Json::as_str) {
            // The only types of which a schema allows two.
            None if wanted.is_some() => "a string or a map",
            Some("object") => "a map",
            Some("array") => "a list",
            Some("integer") => "a whole number",
            Some("boolean") => "a boolean",
            _ => "a string",
        }
    }

    /// Returns a scalar in the place of a list as a list with this item, if its items are texts.
    fn as_list(&self) -> Option<String> {
        let violated = self.violated()?;
        if violated.get("type")? != "array" || !self.takes_text(violated.get("items")?) {
            return None;
        }
        let Some(LocationSegment::Property(key)) = self.at.segments().last() else { return None };
        let item = match self.value() {
            Value::String(text) => text.to_string(),
            Value::Int(_) | Value::OtherNumber(_) => self.json.to_string(),
            _ => return None,
        };
        (item.len() <= LONGEST_ITEM).then(|| format!("{key}: [{}]", scalar(&item)))
    }

    /// Whether a schema accepts texts.
    fn takes_text(&self, schema: &Json) -> bool {
        let referred = || self.schema.json.pointer(schema.get("$ref")?.as_str()?.strip_prefix('#')?);
        let schema = referred().unwrap_or(schema);
        let types = schema.get("type").or_else(|| schema.pointer("/else/type"));
        match types {
            Some(Json::Array(types)) => types.iter().any(|one| one == "string"),
            Some(one) => one == "string",
            None => schema.get("enum").is_some(),
        }
    }

    /// The fields of which exactly one is required.
    fn choices(&self) -> String {
        let options =
            self.violated().and_then(|schema| schema.get("oneOf")?.as_array()).into_iter().flatten();
        let fields = options.filter_map(|option| option.get("required")?.get(0)?.as_str());
        listed(fields.map(|field| format!("`{field}`")), "and")
    }

    fn called(&self) -> String {
        let mut segments: Vec<_> = self.at.segments().collect();
        match (segments.pop(), segments.pop()) {
            (Some(LocationSegment::Property(key)), _) => format!("`{key}`"),
            (Some(LocationSegment::Index(_)), Some(LocationSegment::Property(list))) => {
                self.named(&list).unwrap_or_else(|| format!("an item of `{list}`"))
            }
            (Some(LocationSegment::Index(_)), _) => "an item".to_owned(),
            (None, _) => format!("the {}", self.schema.name),
        }
    }

    /// Names an item of a list: ``cluster `prod` ``.
    fn named(&self, list: &str) -> Option<String> {
        let (_, item) = self.schema.items.iter().find(|(known, _)| *known == list)?;
        let Value::Map(entries) = self.value() else { return None };
        let name = entries.iter().find(|(key, _)| *key == "name")?.1.as_str()?;
        Some(format!("{item} `{name}`"))
    }

    fn value(&self) -> &'w Value<'w> {
        let step = |value: &'w Value<'w>, segment: LocationSegment<'_>| match (value, segment) {
            (Value::Map(entries), LocationSegment::Property(key)) => {
                entries.iter().find(|(name, _)| *name == key).map(|(_, value)| value)
            }
            (Value::List(items), LocationSegment::Index(index)) => items.get(index),
            _ => None,
        };
        self.at.segments().try_fold(self.written, step).unwrap_or(const { &Value::Null })
    }

    fn quoted(&self) -> String {
        match self.value() {
            Value::String(text) if text.is_empty() => "an empty string".to_owned(),
            Value::String(text) => format!("`{text}`"),
            Value::Int(number) => format!("`{number}`"),
            Value::OtherNumber(_) => format!("`{}`", self.json),
            other => other.kind().to_owned(),
        }
    }
}

/// Writes a text as an item of a list in brackets.
fn scalar(text: &str) -> String {
    const WORDS: [&str; 9] = ["true", "false", "yes", "no", "on", "off", "y", "n", "null"];
    let is_inner = |c: char| c.is_ascii_alphanumeric() || "._/-+=@*".contains(c);
    let start = text.trim_start_matches("../").trim_start_matches("./");
    let is_plain = start.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '_');
    if is_plain && text.chars().all(is_inner) && !WORDS.iter().any(|word| text.eq_ignore_ascii_case(word)) {
        text.to_owned()
    } else {
        Json::from(text).to_string()
    }
}

fn shown(expected: &Json) -> String {
    format!("`{}`", expected.as_str().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use hallpass_document::Value;
    use proptest::prelude::*;

    use super::scalar;

    proptest! {
        #[test]
        fn an_item_in_brackets_is_read_as_the_text(
            text in prop_oneof!["[ -~é]{0,12}", "(\\.{0,2}/|[a-z]{0,2})[a-z0-9./*-]{0,6}", "true|No|null|1e3|0x1f"]
        ) {
            let yaml = format!("list: [{}]", scalar(&text));
            let document = hallpass_reader::read_settings(yaml.as_bytes()).next().expect("a document");
            let document = document.expect("valid YAML");
            let Some(Value::List(items)) = document.root().get("list") else { panic!("{yaml}") };
            prop_assert_eq!(items.len(), 1);
            prop_assert_eq!(items[0].as_str(), Some(&*text), "{}", yaml);
        }
    }
}
