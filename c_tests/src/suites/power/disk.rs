//! What a power cut leaves: a program's system calls, as strace wrote them down, and which of them are on the disk.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// What was on the disk when the power went.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cut {
    /// Only what was put there.
    Lost,
    /// All names, as a journal may have them by then, but only the bytes that were put there.
    Names,
}

/// A change of names. It is there whole or not at all, as on every file system with a journal.
struct Change {
    file: usize,
    /// What the file is called before, and after.
    from: Option<PathBuf>,
    to: Option<PathBuf>,
    is_folder: bool,
    is_durable: bool,
}

#[derive(Default)]
struct File {
    bytes: Vec<u8>,
    durable: Vec<u8>,
}

/// A folder as the program changed it.
#[derive(Default)]
pub struct Disk {
    files: Vec<File>,
    names: BTreeMap<PathBuf, usize>,
    changes: Vec<Change>,
    /// Paths of what the program has open.
    open: BTreeMap<i64, PathBuf>,
}

impl Disk {
    /// What was there before is on the disk.
    pub fn new(root: &Path) -> Result<Self, String> {
        let mut disk = Self::default();
        for entry in fs::read_dir(root).map_err(|error| error.to_string())?.flatten() {
            let bytes = fs::read(entry.path()).map_err(|error| error.to_string())?;
            disk.files.push(File { durable: bytes.clone(), bytes });
            let file = disk.files.len() - 1;
            disk.change(file, None, Some(entry.path()), false);
        }
        disk.changes.iter_mut().for_each(|change| change.is_durable = true);
        Ok(disk)
    }

    /// Does what the calls in a trace of `root` did. Answers how many there were.
    pub fn replay(&mut self, root: &Path, trace: &str) -> Result<usize, String> {
        let mut calls = 0;
        // Those of another process.
        self.open.clear();
        for line in trace.lines() {
            let Some(call) = Call::read(line) else { continue };
            calls += usize::from(self.apply(root, &call).ok_or_else(|| format!("not understood: {line}"))?);
        }
        Ok(calls)
    }

    /// Whether it was about the folder; None for what nobody knows here.
    fn apply(&mut self, root: &Path, call: &Call) -> Option<bool> {
        let first = call.paths.first().filter(|path| path.starts_with(root)).cloned();
        let opened = call.fd.and_then(|fd| self.open.get(&fd)).cloned();
        match (call.name, first, opened) {
            ("openat", Some(path), _) => {
                if call.rest.contains("O_CREAT") && !self.names.contains_key(&path) {
                    self.files.push(File::default());
                    self.change(self.files.len() - 1, None, Some(path.clone()), false);
                }
                if call.rest.contains("O_TRUNC") {
                    let file = *self.names.get(&path)?;
                    self.files[file].bytes.clear();
                }
                self.open.insert(call.result, path);
            }
            ("mkdir", Some(path), _) => {
                self.files.push(File::default());
                self.change(self.files.len() - 1, None, Some(path), true);
            }
            ("close", _, Some(_)) => drop(self.open.remove(&call.fd?)),
            ("write", _, Some(path)) => {
                let file = *self.names.get(&path)?;
                self.files[file].bytes.extend_from_slice(call.bytes.get(..usize::try_from(call.result).ok()?)?);
            }
            ("fsync" | "fdatasync", _, Some(path)) => match self.names.get(&path) {
                Some(file) if !self.changes.iter().any(|change| change.file == *file && change.is_folder) => {
                    let file = &mut self.files[*file];
                    file.durable.clone_from(&file.bytes);
                }
                _ => self.sync_folder(&path),
            },
            ("renameat2" | "rename", Some(from), _) => {
                let (to, file) = (call.paths.get(1)?.clone(), *self.names.get(&from)?);
                // By its path an open file is found here.
                self.open.values_mut().filter(|path| **path == from).for_each(|path| path.clone_from(&to));
                self.change(file, Some(from), Some(to), false);
            }
            ("unlink", Some(path), _) => {
                let file = *self.names.get(&path)?;
                self.change(file, Some(path), None, false);
            }
            // What is not about the folder, such as libraries, sockets and standard output.
            (
                "openat" | "mkdir" | "close" | "write" | "fsync" | "fdatasync" | "rename" | "renameat2" | "unlink",
                None,
                None,
            ) => {
                return Some(false);
            }
            _ => return None,
        }
        Some(true)
    }

    fn change(&mut self, file: usize, from: Option<PathBuf>, to: Option<PathBuf>, is_folder: bool) {
        if let Some(from) = &from {
            self.names.remove(from);
        }
        if let Some(to) = &to {
            self.names.insert(to.clone(), file);
        }
        self.changes.push(Change { file, from, to, is_folder, is_durable: false });
    }

    /// The names in it are on the disk, and with each what was done with its file before.
    fn sync_folder(&mut self, folder: &Path) {
        let is_in = |path: &Option<PathBuf>| path.as_ref().is_some_and(|path| path.parent() == Some(folder));
        let touched: Vec<(usize, usize)> = (self.changes.iter().enumerate())
            .filter(|(_, change)| is_in(&change.from) || is_in(&change.to))
            .map(|(at, change)| (at, change.file))
            .collect();
        for (last, file) in touched {
            self.changes[..=last].iter_mut().filter(|change| change.file == file).for_each(|it| it.is_durable = true);
        }
    }

    /// Lays out what a cut leaves of `root` in another folder.
    pub fn lay_out(&self, root: &Path, cut: Cut, to: &Path) -> Result<(), String> {
        let mut names = BTreeMap::new();
        for change in self.changes.iter().filter(|change| change.is_durable || cut == Cut::Names) {
            if let Some(from) = &change.from {
                names.remove(from);
            }
            if let Some(path) = &change.to {
                names.insert(path.clone(), change);
            }
        }
        // Folders come before what is in them.
        for (path, change) in names {
            let path = to.join(path.strip_prefix(root).map_err(|error| error.to_string())?);
            if !path.parent().is_some_and(Path::is_dir) {
                // Its folder is not there, so nor is it.
                continue;
            }
            let done = if change.is_folder {
                fs::create_dir(&path)
            } else {
                fs::write(&path, &self.files[change.file].durable)
            };
            done.map_err(|error| format!("{}: {error}", path.display()))?;
        }
        Ok(())
    }
}

/// A line of `strace -y -xx`, where every text and path is written in hexadecimal.
struct Call<'a> {
    name: &'a str,
    fd: Option<i64>,
    paths: Vec<PathBuf>,
    bytes: Vec<u8>,
    rest: &'a str,
    result: i64,
}

impl<'a> Call<'a> {
    /// None for lines that are no calls, and for calls that failed or that the program died in.
    fn read(line: &'a str) -> Option<Self> {
        let line =
            line.split_once(' ').filter(|(pid, _)| pid.bytes().all(|byte| byte.is_ascii_digit()))?.1.trim_start();
        let (name, rest) = line.split_once('(')?;
        let (rest, result) = rest.rsplit_once(" = ")?;
        let result = result.split(['<', ' ']).next()?.parse().ok().filter(|result| *result >= 0)?;
        let fd = rest.split(['<', ',', ')']).next()?.parse().ok();
        let texts: Vec<Vec<u8>> = rest.split('"').skip(1).step_by(2).map(unescaped).collect::<Option<_>>()?;
        let bytes = texts.first().cloned().unwrap_or_default();
        let paths = texts.iter().map(|text| PathBuf::from(String::from_utf8_lossy(text).into_owned())).collect();
        Some(Self { name, fd, paths, bytes, rest, result })
    }
}

/// `\x41\x42`.
fn unescaped(text: &str) -> Option<Vec<u8>> {
    text.split("\\x").skip(1).map(|pair| u8::from_str_radix(pair, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(text: &str) -> String {
        text.bytes().map(|byte| format!("\\x{byte:02x}")).collect()
    }

    /// The trace of a program that writes a file under another name and then gives it its own.
    fn trace(synced: bool) -> String {
        let (part, whole, folder) = (hex("/f/part"), hex("/f/whole"), hex("/f"));
        let mut lines = vec![
            format!("7 openat(AT_FDCWD, \"{folder}\", O_RDONLY|O_DIRECTORY) = 3</f>"),
            format!("7 openat(AT_FDCWD, \"{part}\", O_WRONLY|O_CREAT|O_TRUNC, 0666) = 4</f/part>"),
            format!("7 write(4</f/part>, \"{}\", 3) = 3", hex("ISA")),
        ];
        if synced {
            lines.push("7 fsync(4</f/part>) = 0".into());
        }
        lines.push(format!("7 renameat2(AT_FDCWD, \"{part}\", AT_FDCWD, \"{whole}\", RENAME_NOREPLACE) = 0"));
        if synced {
            lines.push("7 fsync(3</f>) = 0".into());
        }
        lines.push("7 +++ exited with 0 +++".into());
        lines.join("\n")
    }

    fn left(trace: &str, cut: Cut) -> Vec<(String, String)> {
        let (mut disk, root, to) = (Disk::default(), Path::new("/f"), tempfile::tempdir().unwrap());
        disk.replay(root, trace).unwrap();
        disk.lay_out(root, cut, to.path()).unwrap();
        let files = fs::read_dir(to.path()).unwrap().flatten();
        files.map(|file| (file.file_name().into_string().unwrap(), fs::read_to_string(file.path()).unwrap())).collect()
    }

    #[test]
    fn what_was_not_put_on_the_disk_is_not_there() {
        let file = |bytes: &str| vec![("whole".to_owned(), bytes.to_owned())];
        assert_eq!(left(&trace(false), Cut::Lost), []);
        assert_eq!(left(&trace(false), Cut::Names), file(""));
        assert_eq!(left(&trace(true), Cut::Lost), file("ISA"));
        assert_eq!(left(&trace(true), Cut::Names), file("ISA"));
    }
}
