//! What `validate` is given, read no further than a verdict needs.

use super::cursor::Cursor;
use super::members::{Members, once};
use super::outline::Outline;
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
        let mut cursor = Cursor::new(text);
        let mut payload = Payload::default();
        cursor.map("an object with `request` and `settings`", |key, cursor| match &*key {
            "request" => {
                let mut members = Members::default();
                cursor.map("the request, an object,", |key, cursor| members.read(key, cursor))?;
                once(&mut payload.request, &key, members)
            }
            "settings" => once(&mut payload.settings, &key, RawSettings::read(cursor)?),
            _ => cursor.skip().map(drop),
        })?;
        cursor.end()?;
        Ok(payload)
    }

    /// All settings but the allowlists.
    pub(super) fn settings(&self) -> Result<Value<'p>, JsonError> {
        self.settings.as_ref().map_or(Ok(Value::Null), |settings| settings.rest.value())
    }

    /// The allowlists of the settings.
    pub(super) fn allowlists(&self) -> &[Outline<'p>] {
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

/// The settings: the allowlists in outline, the rest as text.
#[derive(Default)]
struct RawSettings<'p> {
    rest: Members<'p>,
    allowlists: Option<Vec<Outline<'p>>>,
}

impl<'p> RawSettings<'p> {
    fn read(cursor: &mut Cursor<'p>) -> Result<Self, String> {
        let mut settings = RawSettings::default();
        cursor.map("the settings, an object,", |key, cursor| {
            if key != "allowlists" {
                return settings.rest.read(key, cursor);
            }
            once(&mut settings.allowlists, &key, outlines(cursor)?)
        })?;
        Ok(settings)
    }
}

fn outlines<'p>(cursor: &mut Cursor<'p>) -> Result<Vec<Outline<'p>>, String> {
    let mut outlines = Vec::new();
    cursor.list("a list of allowlists", |cursor| {
        outlines.push(Outline::read(cursor)?);
        Ok(())
    })?;
    Ok(outlines)
}

/// The allowlists of a list as the API server gives it.
pub(super) fn read_list(bytes: &[u8]) -> Result<Vec<Outline<'_>>, String> {
    let mut cursor = Cursor::new(std::str::from_utf8(bytes).map_err(|error| error.to_string())?);
    let mut items = None;
    cursor.map("a list of objects", |key, cursor| match &*key {
        "items" => once(&mut items, &key, outlines(cursor)?),
        _ => cursor.skip().map(drop),
    })?;
    cursor.end()?;
    items.ok_or_else(|| "it has no `items`".to_owned())
}
