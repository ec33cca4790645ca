//! Events on synchronizers.

use kube::api::DynamicObject;
use kube::runtime::events::{Event, EventType, Recorder, Reporter as Identity};
use kube::{Client, Resource as _};

use crate::object::synchronizers;
use crate::status::{FileStatus, Phase, Status};
use crate::sync::MANAGER;

/// Publishes the events that `kubectl describe` shows.
pub(crate) struct Reporter {
    client: Client,
    identity: Identity,
}

impl Reporter {
    /// Publishes as this Pod.
    #[must_use]
    pub(crate) fn new(client: Client) -> Self {
        let instance = std::env::var("HOSTNAME").ok();
        Reporter { client, identity: Identity { controller: MANAGER.to_owned(), instance } }
    }

    /// Publishes the changes of a round. Events are a convenience: an error is only logged.
    pub(crate) async fn report(&self, object: &DynamicObject, before: &Status, after: &Status) {
        let reference = object.object_ref(&synchronizers());
        for event in events(before, after) {
            // A recorder counts an event with the same reason as a repetition, and drops its note. So each event gets its own.
            let recorder = Recorder::new(self.client.clone(), self.identity.clone());
            if let Err(error) = recorder.publish(&event, &reference).await {
                tracing::debug!(%error, "an event was not published");
            }
        }
    }
}

fn events(before: &Status, after: &Status) -> Vec<Event> {
    let mut events = Vec::new();
    let Some(ready) = after.ready() else { return events };
    let unchanged = |file: &FileStatus| {
        before.managed_allowlist_status.iter().any(|old| {
            (&old.file_path, old.phase, &old.last_error) == (&file.file_path, file.phase, &file.last_error)
        })
    };
    let changed = after.managed_allowlist_status.iter().filter(|file| !unchanged(file));
    let (installed, others): (Vec<_>, Vec<_>) = changed.partition(|file| file.phase == Phase::Installed);
    if !installed.is_empty() {
        let paths: Vec<&str> = installed.iter().map(|file| file.file_path.as_str()).collect();
        events.push(event(EventType::Normal, Phase::Installed.name(), paths.join(", ")));
    }
    for file in others.into_iter().take(MOST_EVENTS) {
        let error = file.last_error.as_deref().unwrap_or_default();
        events.push(event(EventType::Warning, file.phase.name(), format!("{}: {error}", file.file_path)));
    }
    if before.ready().is_none_or(|old| (&old.reason, &old.message) != (&ready.reason, &ready.message)) {
        let type_ = if ready.is_true() { EventType::Normal } else { EventType::Warning };
        events.push(event(type_, &ready.reason, ready.message.clone()));
    }
    events
}

/// The status lists the rest: a folder may have a thousand files.
const MOST_EVENTS: usize = 10;

fn event(type_: EventType, reason: &str, note: String) -> Event {
    /// The API server takes 1 KiB.
    const LONGEST: usize = 1000;
    let mut note = note;
    let end =
        note.char_indices().map(|(index, c)| index + c.len_utf8()).take_while(|end| *end <= LONGEST).last();
    note.truncate(end.unwrap_or(0));
    Event {
        type_,
        reason: reason.to_owned(),
        note: Some(note).filter(|note| !note.is_empty()),
        action: "Sync".to_owned(),
        secondary: None,
    }
}
