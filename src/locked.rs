//! Texts that a session keeps for long, in pages of their own: see [`platform::Pages`](crate::platform::Pages).

use std::fmt;
use std::io;
use std::mem::MaybeUninit;
use std::slice;

use crate::platform::Pages;
use crate::secret;

/// A few texts, one after the other. Wiped when dropped; a forked child finds zeros.
pub struct Locked<const N: usize> {
    pages: Pages,
    /// Where each text ends.
    ends: [usize; N],
}

impl<const N: usize> Locked<N> {
    pub fn new(texts: [&str; N]) -> io::Result<Self> {
        let mut length = 0;
        let ends = texts.map(|text| {
            length += text.len();
            length
        });
        let mut pages = Pages::new(length)?;
        for (text, end) in texts.iter().zip(ends) {
            pages[end - text.len()..end].copy_from_slice(text.as_bytes());
        }
        Ok(Self { pages, ends })
    }

    pub fn texts(&self) -> [&str; N] {
        let mut start = 0;
        self.ends.map(|end| {
            let text = std::str::from_utf8(&self.pages[start..end]).unwrap_or_default();
            start = end;
            text
        })
    }

    fn wipe(&mut self) {
        let pages: &mut [u8] = &mut self.pages;
        // SAFETY: the same memory, of a type that asks less of it.
        secret::wipe(unsafe { slice::from_raw_parts_mut(pages.as_mut_ptr().cast::<MaybeUninit<u8>>(), pages.len()) });
    }
}

impl<const N: usize> Drop for Locked<N> {
    fn drop(&mut self) {
        self.wipe();
    }
}

impl<const N: usize> fmt::Debug for Locked<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Locked").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_read_back_as_they_were() {
        let long = "é".repeat(10_000);
        let kept = Locked::new(["jsmith@example.com", "", &long]).unwrap();
        assert_eq!(kept.texts(), ["jsmith@example.com", "", &long]);
        assert_eq!(Locked::new([""; 2]).unwrap().texts(), ["", ""]);
        assert!(!format!("{kept:?}").contains("jsmith"));
    }

    #[test]
    fn pages_that_cannot_be_had_are_an_error() {
        assert!(Pages::new(usize::MAX / 2).is_err());
    }

    /// The line of /proc/self/smaps that tells how the kernel treats the pages around an address.
    #[cfg(target_os = "linux")]
    fn flags_at(address: usize) -> String {
        let maps = std::fs::read_to_string("/proc/self/smaps").expect("Linux");
        let mut inside = false;
        for line in maps.lines() {
            let range = line.split(' ').next().unwrap_or_default().split_once('-');
            let range = range.and_then(|(from, to)| {
                Some((usize::from_str_radix(from, 16).ok()?, usize::from_str_radix(to, 16).ok()?))
            });
            match range {
                Some((from, to)) => inside = (from..to).contains(&address),
                None if inside && line.starts_with("VmFlags:") => return line.to_owned() + " ",
                None => {}
            }
        }
        panic!("no mapping at {address:#x}");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_kernel_dumps_none_of_it_gives_a_child_none_of_it_and_locks_what_it_may() {
        let kept = Locked::new(["user", "canary"]).unwrap();
        let flags = flags_at(kept.texts()[1].as_ptr() as usize);
        assert!(flags.contains(" dd ") && flags.contains(" wf "), "{flags}");
        let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
        // SAFETY: fills a local struct.
        unsafe { libc::getrlimit(libc::RLIMIT_MEMLOCK, &mut limit) };
        // Other tests may hold some of what little there is.
        assert!(flags.contains(" lo ") || limit.rlim_cur < 1 << 20, "{flags}");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_forked_child_finds_zeros() {
        let kept = Locked::new(["user", "canary"]).unwrap();
        let [_, password] = kept.texts();
        let (start, length) = (password.as_ptr(), password.len());
        // SAFETY: the child only reads memory and ends.
        unsafe {
            let child = libc::fork();
            if child == 0 {
                let seen = slice::from_raw_parts(start, length);
                libc::_exit(i32::from(seen.iter().any(|&byte| byte != 0)));
            }
            let mut status = -1;
            libc::waitpid(child, &mut status, 0);
            assert_eq!(status, 0);
        }
        assert_eq!(kept.texts()[1], "canary");
    }

    #[test]
    fn nothing_is_left_of_it_when_it_is_wiped() {
        let mut kept = Locked::new(["user", "canary"]).unwrap();
        kept.wipe();
        assert!(kept.pages.iter().all(|&byte| byte == 0));
    }
}
