//! Lines that outlive a process: each is there whole or not at all, wherever the process or the machine ended.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::folder::Folder;
use super::trouble::Trouble;
use crate::{platform, steps};

/// A file of lines, each followed by its own checksum.
pub struct Notes {
    path: PathBuf,
    /// None until there is something to note.
    file: Option<File>,
    /// Where the last sound line ends.
    length: u64,
    /// Something may stand behind that.
    is_torn: bool,
    /// The name of the file is on the disk.
    is_named: bool,
}

impl Notes {
    /// Reads what there is. A last line that was not written whole is cut off.
    pub fn open(path: &Path) -> Result<(Self, Vec<String>), Trouble> {
        let mut notes = Self { path: path.to_owned(), file: None, length: 0, is_torn: false, is_named: false };
        if path.symlink_metadata().is_err() {
            return Ok((notes, Vec::new()));
        }
        let mut file = platform::open_notes(path).map_err(|error| notes.cannot("open", &error))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(|error| notes.cannot("read", &error))?;
        // Whoever wrote it may have died before it was: and what is read here is acted upon.
        steps::at("notes synced");
        file.sync_data().map_err(|error| notes.cannot("put on the disk", &error))?;
        let (lines, length) = read(&bytes).ok_or_else(|| {
            let advice = "make a copy of its folder, find out what is under way at ECGrid, and remove it";
            Trouble::other(format!("{} is damaged; {advice}", super::shown(path)))
        })?;
        notes.length = length as u64;
        notes.is_torn = length < bytes.len();
        notes.file = Some(file);
        Ok((notes, lines))
    }

    /// Adds lines in one write; with `synced` they are on the disk when it returns.
    pub fn append(&mut self, folder: &Folder, lines: &[String], synced: bool) -> Result<(), Trouble> {
        let text: String = lines.iter().map(|line| sealed(line)).collect();
        if self.file.is_none() {
            steps::at("notes created");
            self.file = Some(platform::open_notes(&self.path).map_err(|error| self.cannot("create", &error))?);
        }
        let Some(file) = &mut self.file else { return Ok(()) };
        let result = (|| {
            if self.is_torn {
                file.set_len(self.length)?;
            }
            self.is_torn = true;
            steps::at("notes written");
            write_at_end(file, self.length, text.as_bytes())?;
            self.length += text.len() as u64;
            self.is_torn = false;
            if synced {
                steps::at("notes synced");
                file.sync_data()?;
            }
            Ok(())
        })();
        result.map_err(|error: io::Error| Trouble::of("write to", &self.path, &error))?;
        if synced && !self.is_named {
            folder.hidden().sync()?;
            self.is_named = true;
        }
        Ok(())
    }

    /// Writes all anew. Without lines the file goes.
    pub fn replace(&mut self, folder: &Folder, lines: &[String]) -> Result<(), Trouble> {
        if lines.is_empty() {
            self.file = None;
            (self.length, self.is_torn, self.is_named) = (0, false, false);
            steps::at("notes removed");
            return match fs::remove_file(&self.path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(self.cannot("remove", &error)),
                _ => Ok(()),
            };
        }
        let other = self.path.with_extension("new");
        let text: String = lines.iter().map(|line| sealed(line)).collect();
        steps::at("notes written anew");
        let written = (|| {
            let mut file = platform::create_empty(&other)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()
        })();
        written.map_err(|error| Trouble::of("write to", &other, &error))?;
        // Windows puts no file in the place of one that is open.
        self.file = None;
        steps::at("notes replaced");
        platform::rename_over(&other, &self.path).map_err(|error| self.cannot("replace", &error))?;
        self.file = Some(platform::open_notes(&self.path).map_err(|error| self.cannot("open", &error))?);
        (self.length, self.is_torn) = (text.len() as u64, false);
        folder.hidden().sync()?;
        self.is_named = true;
        Ok(())
    }

    fn cannot(&self, tried: &str, error: &io::Error) -> Trouble {
        Trouble::of(tried, &self.path, error)
    }
}

#[cfg(unix)]
fn write_at_end(file: &mut File, _end: u64, bytes: &[u8]) -> io::Result<()> {
    // It was opened to add to.
    file.write_all(bytes)
}

#[cfg(windows)]
fn write_at_end(file: &mut File, end: u64, bytes: &[u8]) -> io::Result<()> {
    use std::io::Seek;
    file.seek(io::SeekFrom::Start(end))?;
    file.write_all(bytes)
}

/// A line with its checksum and its end.
fn sealed(line: &str) -> String {
    debug_assert!(!line.contains('\n'));
    format!("{line} {:016x}\n", checksum(line.as_bytes()))
}

/// FNV-1a. Against half-written lines, not against people.
fn checksum(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3))
}

/// The lines, and where the last sound one ends. None when one before the last is unsound.
fn read(bytes: &[u8]) -> Option<(Vec<String>, usize)> {
    let (mut lines, mut end) = (Vec::new(), 0);
    while let Some(length) = memchr::memchr(b'\n', &bytes[end..]) {
        let Some(line) = unsealed(&bytes[end..end + length]) else { break };
        lines.push(line);
        end += length + 1;
    }
    // What a machine that lost its power leaves is one write, of one line or more: behind it nothing is sound.
    let last = memchr::memrchr(b'\n', &bytes[end..]).unwrap_or(0);
    let mut rest = bytes[end..end + last].split(|byte| *byte == b'\n');
    rest.all(|line| unsealed(line).is_none()).then_some((lines, end))
}

fn unsealed(line: &[u8]) -> Option<String> {
    let (line, seal) = std::str::from_utf8(line).ok()?.rsplit_once(' ')?;
    (seal == format!("{:016x}", checksum(line.as_bytes()))).then(|| line.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> (tempfile::TempDir, Folder, PathBuf) {
        let temporary = tempfile::tempdir().unwrap();
        let folder = Folder::open(temporary.path()).ok().unwrap();
        let path = folder.hidden().path().join("x.notes");
        (temporary, folder, path)
    }

    fn lines(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn what_was_noted_is_there_for_the_next_process() {
        let (_temporary, folder, path) = folder();
        let (mut notes, found) = Notes::open(&path).unwrap();
        assert!(found.is_empty() && !path.exists());
        notes.append(&folder, &lines(&["one", "two words \u{e9}"]), true).unwrap();
        notes.append(&folder, &lines(&["three"]), false).unwrap();
        assert_eq!(Notes::open(&path).unwrap().1, ["one", "two words \u{e9}", "three"]);
        notes.replace(&folder, &lines(&["four"])).unwrap();
        notes.append(&folder, &lines(&["five"]), true).unwrap();
        assert_eq!(Notes::open(&path).unwrap().1, ["four", "five"]);
        notes.replace(&folder, &[]).unwrap();
        assert!(!path.exists());
        notes.append(&folder, &lines(&["six"]), true).unwrap();
        assert_eq!(Notes::open(&path).unwrap().1, ["six"]);
    }

    #[test]
    fn a_line_that_was_written_in_part_is_not_there_and_harms_none_behind_it() {
        let (_temporary, folder, path) = folder();
        let whole = [sealed("first"), sealed("second")].concat();
        for end in 0..whole.len() {
            fs::write(&path, &whole[..end]).unwrap();
            let (mut notes, found) = Notes::open(&path).unwrap();
            let first = usize::from(end >= sealed("first").len());
            assert_eq!(found.len(), first, "{end}");
            notes.append(&folder, &lines(&["third"]), true).unwrap();
            assert_eq!(Notes::open(&path).unwrap().1, [&["first"][..first], &["third"]].concat(), "{end}");
        }
        // As a power cut may leave it: the length is there, and the bytes are not.
        fs::write(&path, [sealed("first").as_bytes(), &[0; 100]].concat()).unwrap();
        assert_eq!(Notes::open(&path).unwrap().1, ["first"]);
    }

    #[test]
    fn a_file_that_somebody_changed_is_not_read_as_if_nothing_was() {
        let (_temporary, _folder, path) = folder();
        fs::write(&path, [&sealed("first")[1..], &sealed("second")].concat()).unwrap();
        let trouble = Notes::open(&path).err().unwrap();
        assert!(trouble.what.contains("x.notes is damaged; "), "{}", trouble.what);
    }
}
