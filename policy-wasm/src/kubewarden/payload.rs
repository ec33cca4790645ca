//! What `validate` is given, read no further than a verdict needs.
//!
//! A server makes a fresh instance for each request, so that all of this is paid each time: the allowlists of the settings
//! are many times the size of a workload, and few of them can exempt it.

use std::borrow::Cow;

use serde::de::MapAccess;
use serde_json::value::RawValue;

use super::members::{Items, Member, Members, deserialize, once};
use crate::fault::Faults;
use crate::pointer::At;
use crate::value::{JsonError, Value};

#[derive(Default)]
pub(super) struct Payload<'p> {
    request: Option<Members<'p>>,
    settings: Option<RawSettings<'p>>,
}

/// An admission request: the part that any rule reads.
#[derive(Default)]
pub(super) struct Request<'p> {
    pub(super) operation: String,
    pub(super) kind: Kind,
    pub(super) resource: Option<Resource>,
    pub(super) sub_resource: Option<String>,
    pub(super) name: Option<String>,
    pub(super) namespace: Option<String>,
    pub(super) user: User,
    pub(super) object: Option<&'p str>,
    pub(super) old_object: Option<&'p str>,
}

#[derive(Default)]
pub(super) struct Kind {
    /// Empty for the core group.
    pub(super) group: String,
    pub(super) kind: String,
}

pub(super) struct Resource {
    pub(super) group: String,
    pub(super) resource: String,
}

/// Who asks. Absent fields name nobody.
#[derive(Default)]
pub(super) struct User {
    pub(super) name: String,
    pub(super) groups: Vec<String>,
}

impl<'p> Payload<'p> {
    pub(super) fn read(bytes: &'p [u8]) -> Result<Self, String> {
        let text = std::str::from_utf8(bytes).map_err(|error| error.to_string())?;
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    /// All settings but the allowlists.
    pub(super) fn settings(&self) -> Result<Value<'p>, JsonError> {
        self.settings.as_ref().map_or(Ok(Value::Null), |settings| settings.rest.value())
    }

    /// The allowlists of the settings.
    pub(super) fn allowlists(&self) -> &[Members<'p>] {
        self.settings.as_ref().and_then(|settings| settings.allowlists.as_deref()).unwrap_or_default()
    }

    pub(super) fn request(&self) -> Result<Request<'p>, String> {
        let members = self.request.as_ref().ok_or("it has no `request`")?;
        let mut faults = Faults::default();
        let mut request = Request::default();
        let at = At::pointer_to("/request");
        for (key, raw) in members.iter() {
            let at = at.key(key);
            if matches!(key, "object" | "oldObject") {
                let place = if key == "object" { &mut request.object } else { &mut request.old_object };
                *place = (raw != "null").then_some(raw);
                continue;
            }
            let value = Value::from_json(raw.as_bytes()).map_err(|error| error.to_string())?;
            let mut text = |value| faults.string(value, &at).map(str::to_owned);
            match key {
                "operation" => request.operation = text(&value).unwrap_or_default(),
                "subResource" => request.sub_resource = text(&value),
                "name" => request.name = text(&value),
                "namespace" => request.namespace = text(&value),
                "kind" => {
                    let [group, kind] = texts(&value, ["group", "kind"], &at, &mut faults);
                    request.kind = Kind { group, kind };
                }
                "resource" if !value.is_null() => {
                    let [group, resource] = texts(&value, ["group", "resource"], &at, &mut faults);
                    request.resource = Some(Resource { group, resource });
                }
                "userInfo" => {
                    let [name] = texts(&value, ["username"], &at, &mut faults);
                    let groups = value.get("groups").unwrap_or(&Value::Null);
                    let groups = faults.strings(groups, &at.key("groups"));
                    request.user = User { name, groups: groups.into_iter().map(str::to_owned).collect() };
                }
                _ => {}
            }
        }
        match faults.errors.first() {
            Some(fault) => Err(fault.to_string()),
            None if request.operation.is_empty() => Err("it has no `operation`".to_owned()),
            None if request.kind.kind.is_empty() => Err("it has no `kind`".to_owned()),
            None => Ok(request),
        }
    }
}

/// The texts at some keys of a map; empty where there is none.
fn texts<const N: usize>(
    value: &Value<'_>,
    keys: [&str; N],
    at: &At<'_>,
    faults: &mut Faults,
) -> [String; N] {
    faults.map(value, at);
    keys.map(|key| {
        let text = value.get(key).and_then(|value| faults.string(value, &at.key(key)));
        text.unwrap_or_default().to_owned()
    })
}

/// The settings: the allowlists member by member, the rest as text.
#[derive(Default)]
struct RawSettings<'p> {
    rest: Members<'p>,
    allowlists: Option<Vec<Members<'p>>>,
}

impl<'de> Member<'de> for RawSettings<'de> {
    const EXPECTED: &'static str = "settings, which are an object";

    fn member<A: MapAccess<'de>>(&mut self, key: Cow<'de, str>, fields: &mut A) -> Result<(), A::Error> {
        if key != "allowlists" {
            return self.rest.push(key, fields.next_value()?);
        }
        once(&mut self.allowlists, Some(fields.next_value::<Items<'_>>()?.0))
    }
}

impl<'de> Member<'de> for Payload<'de> {
    const EXPECTED: &'static str = "an object with `request` and `settings`";

    fn member<A: MapAccess<'de>>(&mut self, key: Cow<'de, str>, fields: &mut A) -> Result<(), A::Error> {
        match &*key {
            "request" => once(&mut self.request, Some(fields.next_value()?)),
            "settings" => once(&mut self.settings, Some(fields.next_value()?)),
            _ => fields.next_value::<&RawValue>().map(drop),
        }
    }
}

/// A list as the API server gives it.
#[derive(Default)]
pub(super) struct List<'p>(pub(super) Option<Vec<Members<'p>>>);

impl<'de> Member<'de> for List<'de> {
    const EXPECTED: &'static str = "a list of objects";

    fn member<A: MapAccess<'de>>(&mut self, key: Cow<'de, str>, fields: &mut A) -> Result<(), A::Error> {
        match &*key {
            "items" => once(&mut self.0, Some(fields.next_value::<Items<'_>>()?.0)),
            _ => fields.next_value::<&RawValue>().map(drop),
        }
    }
}

deserialize!(RawSettings, Payload, List);
