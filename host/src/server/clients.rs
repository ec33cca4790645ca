//! Who is being served. Browsers open connections that they may never use, and anybody can hold some open: those who say
//! nothing must not keep the page from those who ask.

use std::collections::VecDeque;
use std::io;
use std::net::{Shutdown, TcpStream};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How many are served at a time.
const MOST: usize = 32;

#[derive(Default)]
pub(super) struct Clients {
    served: Mutex<Served>,
}

#[derive(Default)]
struct Served {
    /// The longest served first, each with its number.
    connections: VecDeque<(u64, TcpStream)>,
    last: u64,
}

/// A client's place among those who are served, until it is dropped.
pub(super) struct Place<'c> {
    clients: &'c Clients,
    number: u64,
}

impl Clients {
    /// Takes one more. Where there are too many, the one that has been served longest is cut off: a request takes
    /// milliseconds, so that one is not asking.
    pub(super) fn admit(&self, stream: &TcpStream) -> io::Result<Place<'_>> {
        let connection = stream.try_clone()?;
        let mut served = self.lock();
        served.last = served.last.wrapping_add(1);
        let number = served.last;
        served.connections.push_back((number, connection));
        if served.connections.len() > MOST
            && let Some((_, longest)) = served.connections.pop_front()
        {
            // It may have gone by itself.
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
