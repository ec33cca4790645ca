//! The connected clients. Browsers open connections that they may never use, and any program can keep some open. Idle
//! clients must not block the others.

use std::collections::VecDeque;
use std::io;
use std::net::{Shutdown, TcpStream};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The maximum number of connected clients.
const MOST: usize = 32;

#[derive(Default)]
pub(super) struct Clients {
    served: Mutex<Served>,
}

#[derive(Default)]
struct Served {
    /// Oldest first, each with its number.
    connections: VecDeque<(u64, TcpStream)>,
    last: u64,
}

/// A client's place, until it is dropped.
pub(super) struct Place<'c> {
    clients: &'c Clients,
    number: u64,
}

impl Clients {
    /// Adds a client. If there are too many, disconnects the oldest one: a request takes milliseconds, so the oldest
    /// client is idle.
    pub(super) fn admit(&self, stream: &TcpStream) -> io::Result<Place<'_>> {
        let connection = stream.try_clone()?;
        let mut served = self.lock();
        served.last = served.last.wrapping_add(1);
        let number = served.last;
        served.connections.push_back((number, connection));
        if served.connections.len() > MOST
            && let Some((_, longest)) = served.connections.pop_front()
        {
            // The client may have disconnected already.
            drop(longest.shutdown(Shutdown::Both));
        }
        Ok(Place { clients: self, number })
    }

    fn lock(&self) -> MutexGuard<'_, Served> {
        self.served.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.clients.lock().connections.retain(|(number, _)| *number != self.number);
    }
}
