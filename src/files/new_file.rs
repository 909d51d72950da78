//! A file that appears when it is whole and on the disk, under a name that nothing has.

use std::fs::{self, File};
use std::hash::{BuildHasher, RandomState};
use std::io::Write;
use std::path::{Path, PathBuf};

use super::names;
use super::place::Place;
use super::trouble::Trouble;
use crate::{platform, steps};

pub struct NewFile {
    place: Place,
    path: PathBuf,
    file: Option<File>,
    /// The name that it has until it appears, where files need one.
    hidden: Option<PathBuf>,
}

impl NewFile {
    pub fn create(path: &Path) -> Result<Self, Trouble> {
        Self::new(path, platform::create_unnamed)
    }

    fn new(path: &Path, create_unnamed: impl Fn(&Path) -> std::io::Result<Option<File>>) -> Result<Self, Trouble> {
        let (Some(name), false) = (path.file_name(), ends_like_a_folder(path)) else {
            return Err(Trouble::other(format!("{} is no path of a file", super::shown(path))));
        };
        // To say so before anything is sent; what decides is the last step.
        if path.symlink_metadata().is_ok() {
            return Err(Trouble::exists(path));
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let place = Place::open(folder)?;
        steps::at("new file created");
        let cannot = |error| Trouble::of("create a file in the folder", folder, &error);
        let (file, hidden) = match create_unnamed(folder).map_err(cannot)? {
            Some(file) => (file, None),
            None => {
                let random = RandomState::new().hash_one(0_u8);
                let name = names::fitting(&format!(".{}", name.to_string_lossy()), 22);
                let hidden = folder.join(format!("{name}-{random:016x}.part"));
                (platform::create_new(&hidden).map_err(cannot)?, Some(hidden))
            }
        };
        Ok(Self { place, path: path.to_owned(), file: Some(file), hidden })
    }

    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Trouble> {
        let Some(file) = &mut self.file else { return Ok(()) };
        file.write_all(bytes).map_err(|error| Trouble::of("write to", &self.path, &error))
    }

    /// The last step: before it nothing has the name, and after it the whole file.
    pub fn appear(mut self) -> Result<(), Trouble> {
        let Some(file) = self.file.take() else { return Ok(()) };
        steps::at("new file synced");
        file.sync_all().map_err(|error| Trouble::of("put on the disk", &self.path, &error))?;
        steps::at("new file named");
        let named = match &self.hidden {
            None => platform::name_file(&file, &self.path),
            Some(hidden) => {
                // Windows moves no file that is open.
                drop(file);
                platform::rename_new(hidden, &self.path)
            }
        };
        match named {
            Ok(()) => self.hidden = None,
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => return Err(Trouble::exists(&self.path)),
            Err(error) => return Err(Trouble::of("create", &self.path, &error)),
        }
        self.place.sync()
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        self.file = None;
        if let Some(hidden) = &self.hidden {
            let _ = fs::remove_file(hidden);
        }
    }
}

/// `a/` and `a/.`, of which std says that the name is `a`.
fn ends_like_a_folder(path: &Path) -> bool {
    let bytes = path.as_os_str().as_encoded_bytes();
    let begin = bytes.iter().rposition(|byte| std::path::is_separator((*byte).into())).map_or(0, |at| at + 1);
    matches!(&bytes[begin..], b"" | b"." | b"..")
}

#[cfg(test)]
mod tests {
    use super::super::trouble::TroubleKind;
    use super::*;

    /// Both ways that a system may offer.
    const WAYS: [Way; 2] = [platform::create_unnamed, |_| Ok(None)];

    type Way = fn(&Path) -> std::io::Result<Option<File>>;

    fn names_in(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn it_is_whole_or_not_there() {
        for way in WAYS {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("order.edi");
            let mut file = NewFile::new(&path, way).unwrap();
            file.write(b"ISA").unwrap();
            file.write(b"*00").unwrap();
            assert!(!path.exists());
            file.appear().unwrap();
            assert_eq!(fs::read(&path).unwrap(), b"ISA*00");
            assert_eq!(names_in(folder.path()), ["order.edi"]);
            // Given up.
            let mut file = NewFile::new(&folder.path().join("other.edi"), way).unwrap();
            file.write(b"ISA").unwrap();
            drop(file);
            assert_eq!(names_in(folder.path()), ["order.edi"]);
        }
    }

    #[test]
    fn nothing_is_overwritten_whatever_has_the_name_and_whenever_it_came() {
        for way in WAYS {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("order.edi");
            let mut late = NewFile::new(&path, way).unwrap();
            late.write(b"late").unwrap();
            fs::write(&path, "first").unwrap();
            assert_eq!(late.appear().unwrap_err().kind, TroubleKind::Exists);
            assert_eq!(NewFile::new(&path, way).err().unwrap().kind, TroubleKind::Exists);
            assert_eq!(
                (fs::read(&path).unwrap(), names_in(folder.path())),
                (b"first".to_vec(), vec!["order.edi".into()])
            );
            #[cfg(unix)]
            {
                let link = folder.path().join("link");
                std::os::unix::fs::symlink("nowhere", &link).unwrap();
                assert_eq!(NewFile::new(&link, way).err().unwrap().kind, TroubleKind::Exists);
            }
            assert_eq!(NewFile::new(folder.path(), way).err().unwrap().kind, TroubleKind::Exists);
        }
    }

    #[test]
    fn a_path_that_names_no_file_says_so() {
        for path in ["", "/", "x/", "x/.", "x/..", "..", "."] {
            let trouble = NewFile::create(Path::new(path)).err().unwrap();
            assert!(trouble.what.contains("no path of a file"), "{path}: {}", trouble.what);
        }
        let nowhere = NewFile::create(Path::new("/nowhere/at all/x")).err().unwrap();
        assert!(nowhere.what.starts_with("cannot open the folder /nowhere/at all: "), "{}", nowhere.what);
    }
}
