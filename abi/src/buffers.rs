//! Memory that the host and the module share. The host identifies a buffer by its address and length. Unknown buffers
//! are rejected, so that pointers from outside are never dereferenced.

/// Buffers that the host may access: one or two, if it frees the buffers that it receives.
#[derive(Debug, Default)]
pub(super) struct Buffers(Vec<Box<[u8]>>);

impl Buffers {
    /// Allocates a buffer of zeros. Its address is 0 if the allocation fails.
    pub(super) fn alloc(&mut self, length: usize) -> usize {
        let mut bytes = Vec::new();
        if bytes.try_reserve_exact(length).is_err() {
            return 0;
        }
        bytes.resize(length, 0);
        self.give(bytes)
    }

    /// Passes bytes to the host; they are kept until the host frees them.
    pub(super) fn give(&mut self, bytes: Vec<u8>) -> usize {
        let bytes = bytes.into_boxed_slice();
        // The address of an empty buffer is not unique.
        if bytes.is_empty() {
            return 0;
        }
        let address = bytes.as_ptr().addr();
        self.0.push(bytes);
        address
    }

    /// Takes a buffer back; `None` if the host owns no such buffer.
    pub(super) fn take(&mut self, address: usize, length: usize) -> Option<Box<[u8]>> {
        // The latest buffer is the most likely one.
        let mut buffers = self.0.iter();
        let index =
            buffers.rposition(|buffer| buffer.as_ptr().addr() == address && buffer.len() == length)?;
        Some(self.0.swap_remove(index))
    }
}

#[cfg(test)]
mod tests {
    use super::Buffers;

    #[test]
    fn a_buffer_is_known_by_address_and_length_until_it_is_taken() {
        let mut buffers = Buffers::default();
        let address = buffers.alloc(3);
        assert_ne!(address, 0);
        assert_eq!(buffers.take(address, 4), None);
        assert_eq!(buffers.take(address + 1, 3), None);
        assert_eq!(buffers.take(address, 3).as_deref(), Some([0, 0, 0].as_slice()));
        assert_eq!(buffers.take(address, 3), None);
    }

    #[test]
    fn what_does_not_fit_has_no_address() {
        let mut buffers = Buffers::default();
        assert_eq!(buffers.alloc(usize::MAX), 0);
        assert_eq!(buffers.alloc(0), 0);
    }
}
