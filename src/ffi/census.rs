//! How many handles the program has. Counted for the tests of the bindings only; a shipped library does not.

#[cfg(feature = "test-hooks")]
pub(super) static LIVE: std::sync::atomic::AtomicI64 = std::sync::atomic::AtomicI64::new(0);

/// A handle goes to the program.
#[inline(always)]
pub(super) fn handed_out() {
    #[cfg(feature = "test-hooks")]
    LIVE.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
}

/// A handle was given back.
#[inline(always)]
pub(super) fn given_back() {
    #[cfg(feature = "test-hooks")]
    LIVE.fetch_sub(1, std::sync::atomic::Ordering::Relaxed);
}
