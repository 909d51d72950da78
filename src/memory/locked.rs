//! Secrets that outlive a call, such as a login and its password: kept where no swap and no core dump finds them.

use std::iter::zip;
use std::{fmt, io, str};

use crate::platform::LockedMemory;

/// Some texts in one piece of locked memory. In a forked child they are as long as ever, and all NULs.
pub struct LockedTexts<const COUNT: usize> {
    memory: LockedMemory,
    lengths: [usize; COUNT],
}

impl<const COUNT: usize> LockedTexts<COUNT> {
    /// Copies the texts; the originals are the caller's to wipe.
    pub fn new(texts: [&str; COUNT]) -> io::Result<Self> {
        let lengths = texts.map(str::len);
        let mut memory = LockedMemory::new(lengths.iter().fold(0, |sum, length| sum.saturating_add(*length)))?;
        for (place, byte) in zip(memory.iter_mut(), texts.iter().flat_map(|text| text.bytes())) {
            *place = byte;
        }
        Ok(Self { memory, lengths })
    }

    /// The texts, in the order they came in.
    pub fn get(&self) -> [&str; COUNT] {
        let mut rest = &*self.memory;
        self.lengths.map(|length| {
            let (text, after) = rest.split_at_checked(length).unwrap_or_default();
            rest = after;
            str::from_utf8(text).unwrap_or_default()
        })
    }
}

/// So that whatever holds one can be printed.
impl<const COUNT: usize> fmt::Debug for LockedTexts<COUNT> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("LockedTexts")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_texts_are_read_back_each_on_its_own() {
        let texts = LockedTexts::new(["anna", "pässwörd\0 "]).unwrap();
        assert_eq!(texts.get(), ["anna", "pässwörd\0 "]);
        assert_eq!(LockedTexts::new(["", ""]).unwrap().get(), ["", ""]);
        assert_eq!(LockedTexts::new(["", "only", ""]).unwrap().get(), ["", "only", ""]);
        assert_eq!(LockedTexts::new([]).unwrap().get(), [""; 0]);
        let long = "ß".repeat(100_000);
        assert_eq!(LockedTexts::new([&long, "after"]).unwrap().get(), [&long, "after"]);
    }

    #[test]
    fn any_thread_may_read_them_and_printing_shows_nothing() {
        fn for_any_thread<T: Send + Sync>(_: &T) {}
        let texts = LockedTexts::new(["anna", "secret"]).unwrap();
        for_any_thread(&texts);
        assert_eq!(format!("{texts:?} {texts:#?}"), "LockedTexts LockedTexts");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_forked_child_reads_nuls() {
        let texts = LockedTexts::new(["anna", "pässwörd"]).unwrap();
        // SAFETY: the child reads memory and ends at once.
        let child = unsafe { libc::fork() };
        if child == 0 {
            let [login, password] = texts.get();
            let nuls = login == "\0\0\0\0" && password == "\0\0\0\0\0\0\0\0\0\0";
            unsafe { libc::_exit(i32::from(!nuls)) };
        }
        let mut status = -1;
        unsafe { libc::waitpid(child, &mut status, 0) };
        assert_eq!(status, 0);
        assert_eq!(texts.get(), ["anna", "pässwörd"]);
    }

    #[cfg(target_os = "linux")]
    mod everywhere {
        use std::fs::{self, File};
        use std::os::unix::fs::FileExt;

        use super::*;
        use crate::platform::steady_clock;
        use crate::secret::wipe;

        const LENGTH: usize = 40;

        /// A password that is computed letter by letter, so that it stands nowhere but where it was put.
        #[derive(Clone, Copy)]
        struct Canary(u64);

        impl Canary {
            fn letter(self, at: usize) -> u8 {
                b'a' + (self.0.wrapping_mul(2 * at as u64 + 1) >> 40) as u8 % 26
            }

            fn is_at(self, bytes: &[u8]) -> bool {
                bytes.iter().enumerate().all(|(at, byte)| *byte == self.letter(at))
            }

            /// Where in the memory of this process it stands.
            fn find(self) -> Vec<usize> {
                let memory = File::open("/proc/self/mem").unwrap();
                let mut buffer = vec![0; 1 << 20];
                let mut found = Vec::new();
                for line in fs::read_to_string("/proc/self/maps").unwrap().lines() {
                    let (range, rest) = line.split_once(' ').unwrap();
                    if !rest.starts_with('r') {
                        continue;
                    }
                    let (mut at, end) =
                        range.split_once('-').map(|(start, end)| (address(start), address(end))).unwrap();
                    while at + LENGTH <= end {
                        let part = &mut buffer[..(end - at).min(1 << 20)];
                        let Ok(count @ LENGTH..) = memory.read_at(part, at as u64) else {
                            // Another test may have unmapped this page by now, and a few of the kernel's own are not
                            // for reading.
                            at = (at | 4095) + 1;
                            continue;
                        };
                        let places = part[..count].windows(LENGTH).enumerate().filter(|(_, bytes)| self.is_at(bytes));
                        found.extend(places.map(|(place, _)| at + place));
                        // Not to be found in here next.
                        part.fill(0);
                        // What begins at the end of this part is whole in the next.
                        at += count - LENGTH + 1;
                    }
                }
                found
            }
        }

        fn address(text: &str) -> usize {
            usize::from_str_radix(text, 16).unwrap()
        }

        #[test]
        fn a_password_stands_in_one_place_and_then_in_none() {
            let canary = Canary((steady_clock().as_nanos() as u64).wrapping_mul(1_000_003));
            let mut builder: Vec<u8> = (0..LENGTH).map(|at| canary.letter(at)).collect();
            let texts = LockedTexts::new(["anna", str::from_utf8(&builder).unwrap()]).unwrap();
            builder.clear();
            wipe(builder.spare_capacity_mut());
            let there = texts.get()[1].as_ptr() as usize;
            assert!(canary.is_at(texts.get()[1].as_bytes()));
            assert_eq!(canary.find(), [there]);
            drop(texts);
            assert_eq!(canary.find(), [0; 0]);
        }
    }
}
