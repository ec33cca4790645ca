//! A map under construction.

use hallpass_document::Value;

/// The fields of a map, in the order in which they are added. Empty lists and maps are left out.
#[derive(Default)]
pub(crate) struct Fields(Vec<(&'static str, Value<'static>)>);

impl Fields {
    pub(crate) fn add(&mut self, field: &'static str, value: Value<'static>) {
        self.0.push((field, value));
    }

    pub(crate) fn add_some(&mut self, field: &'static str, value: Option<Value<'static>>) {
        self.0.extend(value.map(|value| (field, value)));
    }

    pub(crate) fn add_list(&mut self, field: &'static str, items: impl Iterator<Item = Value<'static>>) {
        let items: Vec<_> = items.collect();
        self.add_some(field, (!items.is_empty()).then_some(Value::List(items)));
    }

    pub(crate) fn add_map(&mut self, field: &'static str, fields: Fields) {
        self.add_some(field, (!fields.0.is_empty()).then(|| fields.value()));
    }

    pub(crate) fn value(self) -> Value<'static> {
        Value::Map(self.0.into_iter().map(|(field, value)| (field.into(), value)).collect())
    }
}
