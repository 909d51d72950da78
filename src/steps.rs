//! The steps of what is kept on disk, by name: a test build ends the process at any of them, as a kill would.

/// A step is about to be done. In a shipped library this is nothing.
#[cfg(not(feature = "test-hooks"))]
#[inline(always)]
pub fn at(_step: &'static str) {}

#[cfg(feature = "test-hooks")]
pub use hooks::at;

#[cfg(feature = "test-hooks")]
mod hooks {
    use std::fs::OpenOptions;
    use std::io::Write;
    use std::sync::atomic::{AtomicU64, Ordering};

    static REACHED: AtomicU64 = AtomicU64::new(0);

    /// ECGRID_TEST_KILL_AT is the number of the step at which the process ends, from 1 on; ECGRID_TEST_STEPS names a file
    /// that gets the name of each step.
    pub fn at(step: &'static str) {
        let number = REACHED.fetch_add(1, Ordering::SeqCst) + 1;
        if let Some(path) = std::env::var_os("ECGRID_TEST_STEPS") {
            let file = OpenOptions::new().append(true).create(true).open(path);
            let _ = file.and_then(|mut file| writeln!(file, "{step}"));
        }
        let wanted = std::env::var("ECGRID_TEST_KILL_AT").ok().and_then(|text| text.parse().ok());
        if wanted == Some(number) {
            // SAFETY: ends the process at once, as a kill does: nothing of it runs any more.
            #[cfg(unix)]
            unsafe {
                libc::_exit(KILLED)
            }
            #[cfg(windows)]
            unsafe {
                use windows_sys::Win32::System::Threading::{GetCurrentProcess, TerminateProcess};
                TerminateProcess(GetCurrentProcess(), KILLED as u32);
            }
        }
    }

    /// What such a process exits with.
    pub const KILLED: i32 = 77;
}
