//! Memory for one call. The server makes an instance for each request and drops it with all its memory: what is given back
//! is kept by its size for the next block of that size, and no other book is kept.
//!
//! Blocks are used again because a page that is touched for the first time costs microseconds.
#![expect(unsafe_code, reason = "an allocator hands out addresses")]

use std::alloc::{GlobalAlloc, Layout};
use std::arch::wasm32::{memory_grow, memory_size};
use std::ptr::{null_mut, with_exposed_provenance_mut};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// What WebAssembly counts memory in, in bytes.
const PAGE: usize = 1 << 16;

/// How many pages are asked for at once, if fewer are needed: each time costs a system call.
const STEP: usize = 16;

/// Small blocks have a multiple of this, and all begin at one.
const UNIT: usize = 16;

/// The largest of the small ones. Those above have a power of two: what is not touched of it costs nothing.
const SMALL: usize = 1024;

/// A list for each size: multiples of the unit, then powers of two.
const SIZES: usize = SMALL / UNIT + 1 + 32;

struct Memory {
    /// For each size a block that was given back; it begins with the address of the next one. Zero is none.
    free: [AtomicUsize; SIZES],
    /// Where the next new block may begin. Behind it all is zero.
    next: AtomicUsize,
    /// Where that ends which may be handed out.
    end: AtomicUsize,
}

#[global_allocator]
static MEMORY: Memory = Memory {
    free: [const { AtomicUsize::new(0) }; SIZES],
    next: AtomicUsize::new(0),
    end: AtomicUsize::new(0),
};

/// The size that a block of so many bytes has, and its list.
fn size_of(bytes: usize) -> Option<(usize, usize)> {
    if bytes <= SMALL {
        let units = bytes.div_ceil(UNIT);
        return Some((units * UNIT, units));
    }
    let size = bytes.checked_next_power_of_two()?;
    Some((size, SMALL / UNIT + 1 + size.trailing_zeros() as usize))
}

impl Memory {
    /// Makes room up to `end`.
    fn grow(&self, end: usize) -> Option<()> {
        let missing = end.checked_sub(self.end.load(Relaxed))?.div_ceil(PAGE);
        // Less is asked for where that is more than there is.
        let pages = [missing.max(STEP), missing];
        let grown = pages.into_iter().find(|pages| memory_grow::<0>(*pages) != usize::MAX)?;
        self.end.fetch_add(grown * PAGE, Relaxed);
        Some(())
    }

    /// A block that nobody had before: all its bytes are zero.
    fn new_block(&self, size: usize, align: usize) -> Option<usize> {
        if self.end.load(Relaxed) == 0 {
            // Before this are the stack and the module's own data.
            let start = memory_size::<0>().checked_mul(PAGE)?;
            self.next.store(start, Relaxed);
            self.end.store(start, Relaxed);
        }
        let below = align.max(UNIT) - 1;
        let start = self.next.load(Relaxed).checked_add(below)? & !below;
        let end = start.checked_add(size)?;
        if end > self.end.load(Relaxed) {
            self.grow(end)?;
        }
        self.next.store(end, Relaxed);
        Some(start)
    }

    /// A block, and how many of its bytes may not be zero.
    fn take(&self, layout: Layout) -> Option<(*mut u8, usize)> {
        let (size, list) = size_of(layout.size())?;
        let free = self.free.get(list)?;
        let block = free.load(Relaxed);
        if block == 0 || layout.align() > UNIT {
            return Some((with_exposed_provenance_mut(self.new_block(size, layout.align())?), 0));
        }
        // SAFETY: what was given back begins with an address, and is at least a unit long.
        free.store(unsafe { with_exposed_provenance_mut::<usize>(block).read() }, Relaxed);
        Some((with_exposed_provenance_mut(block), layout.size()))
    }
}

// SAFETY: new blocks do not overlap, and one is handed out again only when it was given back. There is one thread.
unsafe impl GlobalAlloc for Memory {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        self.take(layout).map_or(null_mut(), |(block, _)| block)
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        let Some((block, dirty)) = self.take(layout) else { return null_mut() };
        // SAFETY: the block is as long.
        unsafe { block.write_bytes(0, dirty) };
        block
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        let Some(free) = size_of(layout.size()).and_then(|(_, list)| self.free.get(list)) else { return };
        // SAFETY: nobody else has the block any more, which is at least a unit long and begins at a multiple of one.
        unsafe { block.cast::<usize>().write(free.load(Relaxed)) };
        free.store(block.expose_provenance(), Relaxed);
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if size_of(layout.size()) == size_of(size) {
            return block;
        }
        let Ok(wanted) = Layout::from_size_align(size, layout.align()) else { return null_mut() };
        // SAFETY: as the caller says; the two blocks do not overlap.
        unsafe {
            let other = self.alloc(wanted);
            if !other.is_null() {
                other.copy_from_nonoverlapping(block, layout.size().min(size));
                self.dealloc(block, layout);
            }
            other
        }
    }
}
