//! Which of the shards a thread reads.

use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering};

thread_local! {
    static MINE: Cell<Option<usize>> = const { Cell::new(None) };
}

/// A number of this thread's own, or nearly so.
pub fn mine() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let number = MINE.try_with(|mine| match mine.get() {
        Some(number) => number,
        None => {
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            mine.set(Some(number));
            number
        }
    });
    // A thread that is ending has no number any more.
    number.unwrap_or(0)
}
