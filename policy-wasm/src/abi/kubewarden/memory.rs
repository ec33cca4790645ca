//! Memory for one call: nothing but the block that was taken last is ever given back. The server makes an instance for each
//! request and drops it with all its memory, so that to keep books of free blocks is a waste.
#![expect(unsafe_code, reason = "an allocator hands out addresses")]

use std::alloc::{GlobalAlloc, Layout};
use std::arch::wasm32::{memory_grow, memory_size};
use std::ptr::{null_mut, with_exposed_provenance_mut};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// What WebAssembly counts memory in, in bytes.
const PAGE: usize = 1 << 16;

/// How many pages are asked for at once, if fewer are needed: each time costs a system call.
const STEP: usize = 16;

/// Where blocks are taken from: one after the other.
struct Memory {
    /// Where the next block may begin.
    next: AtomicUsize,
    /// Where that ends which may be handed out.
    end: AtomicUsize,
    /// Behind it no byte was ever handed out: there they are all zero.
    touched: AtomicUsize,
}

#[global_allocator]
static MEMORY: Memory =
    Memory { next: AtomicUsize::new(0), end: AtomicUsize::new(0), touched: AtomicUsize::new(0) };

impl Memory {
    /// Makes room up to `end`.
    fn grow(&self, end: usize) -> Option<()> {
        let missing = end.checked_sub(self.end.load(Relaxed))?.div_ceil(PAGE);
        let pages = missing.max(STEP);
        // Less is asked for where that is more than there is.
        let grown = [pages, missing].into_iter().find(|pages| memory_grow::<0>(*pages) != usize::MAX)?;
        self.end.fetch_add(grown * PAGE, Relaxed);
        Some(())
    }

    fn take(&self, layout: Layout) -> Option<usize> {
        if self.end.load(Relaxed) == 0 {
            // Before this is the stack, and the module's own data.
            let start = memory_size::<0>().checked_mul(PAGE)?;
            for place in [&self.next, &self.end, &self.touched] {
                place.store(start, Relaxed);
            }
        }
        let below = layout.align() - 1;
        let start = self.next.load(Relaxed).checked_add(below)? & !below;
        let end = start.checked_add(layout.size())?;
        if end > self.end.load(Relaxed) {
            self.grow(end)?;
        }
        self.next.store(end, Relaxed);
        Some(start)
    }

    /// Whether a block is the one that was taken last.
    fn is_last(&self, block: *mut u8, layout: Layout) -> bool {
        block.addr() + layout.size() == self.next.load(Relaxed)
    }

    /// Notes that all before the next block may be written to. What was there before: the first byte that was never.
    fn touch(&self) -> usize {
        self.touched.fetch_max(self.next.load(Relaxed), Relaxed)
    }
}

// SAFETY: blocks do not overlap, as each begins where the one before it ended, or where the last one began that was given
// back. There is one thread.
unsafe impl GlobalAlloc for Memory {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        match self.take(layout) {
            Some(start) => {
                self.touch();
                with_exposed_provenance_mut(start)
            }
            None => null_mut(),
        }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        let Some(start) = self.take(layout) else { return null_mut() };
        let dirty = self.touch().saturating_sub(start).min(layout.size());
        let block: *mut u8 = with_exposed_provenance_mut(start);
        // SAFETY: the block is at least as long.
        unsafe { block.write_bytes(0, dirty) };
        block
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if self.is_last(block, layout) {
            self.next.store(block.addr(), Relaxed);
        }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let Ok(wanted) = Layout::from_size_align(size, layout.align()) else { return null_mut() };
        if self.is_last(block, layout) {
            // It begins where it began: the address is aligned.
            self.next.store(block.addr(), Relaxed);
            return match self.take(wanted) {
                Some(_) => {
                    self.touch();
                    block
                }
                None => {
                    self.next.store(block.addr() + layout.size(), Relaxed);
                    null_mut()
                }
            };
        }
        if size <= layout.size() {
            return block;
        }
        // SAFETY: as the caller says; the two blocks do not overlap.
        unsafe {
            let other = self.alloc(wanted);
            if !other.is_null() {
                other.copy_from_nonoverlapping(block, layout.size());
            }
            other
        }
    }
}
