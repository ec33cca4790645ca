//! The texts of an allowlist: those that may be patterns, and those that never are.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use hallpass_document::Value;
use hallpass_policy::pattern::is_pattern;

use crate::language::{Common, Images, both, images};
use crate::object::{Kind, Object};
use crate::openness::{Openness, openness};

/// A field in which a text may be a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// `image`
    Image,
    /// `args`
    Args,
    /// `env[].name`
    Env,
}

impl Field {
    /// Returns the field's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Field::Image => "image",
            Field::Args => "args",
            Field::Env => "env",
        }
    }
}

/// A text that may be a pattern.
#[derive(Clone, Debug)]
pub struct Text<'s> {
    /// JSON pointer from the object.
    pub pointer: String,
    /// The text.
    pub text: &'s str,
    /// The field.
    pub field: Field,
    known: Arc<Known>,
}

/// The answers about a pattern. They take most of the time, and many allowlists need the same ones.
#[derive(Debug, Default)]
struct Known {
    images: OnceLock<Images>,
    openness: OnceLock<Openness>,
    common: Mutex<BTreeMap<&'static str, Common>>,
}

/// The answers about all patterns of a run.
#[derive(Debug, Default)]
pub(crate) struct Answers<'s>(Mutex<HashMap<&'s str, Arc<Known>>>);

impl<'s> Answers<'s> {
    fn about(&self, pattern: &'s str) -> Arc<Known> {
        let mut answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(answers.entry(pattern).or_default())
    }
}

impl<'s> Text<'s> {
    fn new(pointer: String, text: &'s str, field: Field, answers: &Answers<'s>) -> Self {
        let known = if is_pattern(text) { answers.about(text) } else { Arc::default() };
        Text { pointer, text, field, known }
    }

    /// Returns the images that a pattern of images can match.
    pub(crate) fn images(&self) -> Images {
        *self.known.images.get_or_init(|| images(self.text))
    }

    /// Returns the openness of a pattern of images.
    pub(crate) fn openness(&self) -> &Openness {
        self.known.openness.get_or_init(|| openness(self.text))
    }

    /// Returns the shortest text that this pattern and another one match.
    pub(crate) fn both(&self, other: &'static str) -> Common {
        let mut common = self.known.common.lock().unwrap_or_else(PoisonError::into_inner);
        common.entry(other).or_insert_with(|| both(self.text, other)).clone()
    }

    /// Returns the pattern, if it is one in this field.
    #[must_use]
    pub fn pattern_of(&self, field: Field) -> Option<&'s str> {
        (self.field == field && is_pattern(self.text)).then_some(self.text)
    }

    /// Returns the literal text, if it is one in this field.
    #[must_use]
    pub fn literal_of(&self, field: Field) -> Option<&'s str> {
        (self.field == field && !is_pattern(self.text)).then_some(self.text)
    }
}

/// Returns the texts of an allowlist that may be patterns.
pub(crate) fn texts<'s>(object: &Object<'s>, answers: &Answers<'s>) -> Vec<Text<'s>> {
    let mut texts = Vec::new();
    if object.kind != Kind::Allowlist {
        return texts;
    }
    for (container, value) in object.containers() {
        if let Some(text) = value.get("image").and_then(Value::as_str) {
            texts.push(Text::new(format!("{container}/image"), text, Field::Image, answers));
        }
        for (pointer, text) in object.strings(&format!("{container}/args")) {
            texts.push(Text::new(pointer, text, Field::Args, answers));
        }
        for (pointer, entry) in object.items(&format!("{container}/env")) {
            if let Some(text) = entry.get("name").and_then(Value::as_str) {
                texts.push(Text::new(format!("{pointer}/name"), text, Field::Env, answers));
            }
        }
    }
    texts
}

/// The form of a text that is never a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// An item of a command, with its index.
    Command(usize),
    /// A name.
    Name,
    /// A path.
    Path,
}

/// A text that is never a pattern.
pub(crate) struct Literal<'s> {
    /// JSON pointer from the object.
    pub(crate) pointer: String,
    pub(crate) text: &'s str,
    /// The field, as messages call it.
    pub(crate) field: &'static str,
    pub(crate) form: Form,
}

const NAMES_OF_SOURCES: [(&str, &str); 2] =
    [("configMapRef", "envFrom[].configMapRef.name"), ("secretRef", "envFrom[].secretRef.name")];

/// The commands of a container, by pointer, and their names.
pub(crate) const COMMANDS: [(&str, &str); 6] = [
    ("/command", "command"),
    ("/lifecycle/postStart/exec/command", "lifecycle.postStart.exec.command"),
    ("/lifecycle/preStop/exec/command", "lifecycle.preStop.exec.command"),
    ("/livenessProbe/exec/command", "livenessProbe.exec.command"),
    ("/readinessProbe/exec/command", "readinessProbe.exec.command"),
    ("/startupProbe/exec/command", "startupProbe.exec.command"),
];

/// Returns the texts of an allowlist that are never patterns.
pub(crate) fn literals<'s>(object: &Object<'s>) -> Vec<Literal<'s>> {
    let mut literals = Vec::new();
    let mut add = |pointer: String, field, form| {
        let text = object.text(&pointer);
        literals.extend(text.map(|text| Literal { pointer, text, field, form }));
    };
    for (container, _) in object.containers() {
        add(format!("{container}/name"), "the name of a container", Form::Name);
        for (below, field) in COMMANDS {
            let items = object.strings(&format!("{container}{below}")).enumerate();
            items.for_each(|(index, (pointer, _))| add(pointer, field, Form::Command(index)));
        }
        for (entry, _) in object.items(&format!("{container}/envFrom")) {
            for (source, field) in NAMES_OF_SOURCES {
                add(format!("{entry}/{source}/name"), field, Form::Name);
            }
        }
        for list in ["add", "drop"] {
            let list = format!("{container}/securityContext/capabilities/{list}");
            object.strings(&list).for_each(|(pointer, _)| add(pointer, "capabilities", Form::Name));
        }
        for (mount, _) in object.items(&format!("{container}/volumeMounts")) {
            add(format!("{mount}/name"), "the name of a mount", Form::Name);
            add(format!("{mount}/mountPath"), "mountPath", Form::Path);
            add(format!("{mount}/subPath"), "subPath", Form::Path);
        }
        for (device, _) in object.items(&format!("{container}/volumeDevices")) {
            add(format!("{device}/name"), "the name of a device", Form::Name);
            add(format!("{device}/devicePath"), "devicePath", Form::Path);
        }
    }
    for (volume, _) in object.items("/matchingCriteria/volumes") {
        add(format!("{volume}/name"), "the name of a volume", Form::Name);
        add(format!("{volume}/hostPath/path"), "hostPath.path", Form::Path);
        add(format!("{volume}/nfs/path"), "nfs.path", Form::Path);
    }
    literals
}
