//! The payload of `validate`: an admission request, and the settings of the policy.

use hallpass_document::{At, Diagnostics, JsonError, Members, Value, from_json};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// The payload of `validate`.
#[derive(Deserialize)]
pub(super) struct Payload<'p> {
    #[serde(borrow)]
    request: Option<Members<'p, Value<'p>>>,
    #[serde(borrow, default)]
    pub(super) settings: RawSettings<'p>,
}

/// The settings. Most requests do not need the allowlists, which are many times larger than a workload.
#[derive(Default)]
pub(super) struct RawSettings<'p> {
    pub(super) allowlists: Option<&'p RawValue>,
    /// The other settings.
    pub(super) rest: Value<'p>,
}

impl<'de: 'p, 'p> Deserialize<'de> for RawSettings<'p> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Members(members): Members<'p, &RawValue> = Deserialize::deserialize(deserializer)?;
        let mut settings = RawSettings::default();
        let mut rest = Vec::new();
        for (key, raw) in members {
            if key == "allowlists" {
                settings.allowlists = Some(raw);
            } else {
                rest.push((key, Value::from_json(raw.get().as_bytes()).map_err(D::Error::custom)?));
            }
        }
        settings.rest = Value::Map(rest);
        Ok(settings)
    }
}

/// The parts of an admission request that rules read.
#[derive(Default)]
pub(super) struct Request<'p> {
    pub(super) operation: String,
    pub(super) kind: Kind,
    pub(super) resource: Option<Resource>,
    pub(super) sub_resource: Option<String>,
    pub(super) name: Option<String>,
    pub(super) namespace: Option<String>,
    pub(super) user: User,
    pub(super) object: Option<&'p Value<'p>>,
    pub(super) old_object: Option<&'p Value<'p>>,
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

/// The user. Absent fields name nobody.
#[derive(Default)]
pub(super) struct User {
    pub(super) name: String,
    pub(super) groups: Vec<String>,
}

impl<'p> Payload<'p> {
    pub(super) fn read(bytes: &'p [u8]) -> Result<Self, JsonError> {
        from_json(bytes)
    }

    pub(super) fn request(&'p self) -> Result<Request<'p>, String> {
        let Members(members) = self.request.as_ref().ok_or("it has no `request`")?;
        let mut faults = Diagnostics::default();
        let mut request = Request::default();
        let at = At::pointer_to("/request");
        for (key, value) in members {
            let at = at.key(key);
            let mut text = || faults.string(value, &at).map(str::to_owned);
            match &**key {
                "object" => request.object = Some(value).filter(|object| !object.is_null()),
                "oldObject" => request.old_object = Some(value).filter(|object| !object.is_null()),
                "operation" => request.operation = text().unwrap_or_default(),
                "subResource" => request.sub_resource = text(),
                "name" => request.name = text(),
                "namespace" => request.namespace = text(),
                "kind" => {
                    let [group, kind] = texts(value, ["group", "kind"], &at, &mut faults);
                    request.kind = Kind { group, kind };
                }
                "resource" if !value.is_null() => {
                    let [group, resource] = texts(value, ["group", "resource"], &at, &mut faults);
                    request.resource = Some(Resource { group, resource });
                }
                "userInfo" => {
                    let [name] = texts(value, ["username"], &at, &mut faults);
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

/// Returns the strings at some keys of a map; empty if absent.
fn texts<const N: usize>(
    value: &Value<'_>,
    keys: [&str; N],
    at: &At<'_>,
    faults: &mut Diagnostics,
) -> [String; N] {
    faults.map(value, at);
    keys.map(|key| {
        let text = value.get(key).and_then(|value| faults.string(value, &at.key(key)));
        text.unwrap_or_default().to_owned()
    })
}

/// Returns the text of the request's object, including what a [`Value`] does not keep.
pub(super) fn object_text(payload: &[u8]) -> Result<&RawValue, JsonError> {
    #[derive(Deserialize)]
    struct Payload<'p> {
        #[serde(borrow)]
        request: Request<'p>,
    }
    #[derive(Deserialize)]
    struct Request<'p> {
        #[serde(borrow)]
        object: &'p RawValue,
    }
    from_json(payload).map(|payload: Payload<'_>| payload.request.object)
}
