//! A folder that one handle of one process has.

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::place::Place;
use super::trouble::Trouble;
use crate::per_process::PerProcess;
use crate::platform;

/// Those that this process has. Closing a lock's file anywhere in the process would give up the lock, so nobody opens one
/// that is there.
static OPEN: PerProcess<Mutex<Vec<Open>>> = PerProcess::new();

#[cfg(unix)]
type Identity = (u64, u64);
#[cfg(windows)]
type Identity = std::path::PathBuf;

struct Open {
    identity: Identity,
    number: u64,
}

/// Given up in this order. Who opened the lock's file before it is closed would lose its own lock with it, and a folder that was
/// deleted gives its identity to a new one as soon as nobody has it open.
pub struct Folder {
    _lock: File,
    _entered: Entered,
    place: Place,
    /// For notes, and for files in the making.
    hidden: Place,
}

pub enum OpenTrouble {
    Trouble(Trouble),
    /// Another handle has it, in that process if that is known.
    Taken {
        pid: Option<u32>,
    },
}

impl From<Trouble> for OpenTrouble {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

impl Folder {
    /// What is hidden in it, has a name of its own.
    const HIDDEN: &str = ".ecgrid";

    pub fn open(path: &Path) -> Result<Self, OpenTrouble> {
        let cannot = |tried: &str, error: &io::Error| Trouble::of(tried, path, error);
        let path = &fs::canonicalize(path).map_err(|error| cannot("open the folder", &error))?;
        let place = Place::open(path)?;
        let identity = place.directory().identity().map_err(|error| cannot("open the folder", &error))?;
        let entered = Entered::new(identity).ok_or(OpenTrouble::Taken { pid: Some(std::process::id()) })?;
        let hidden = path.join(Self::HIDDEN);
        match platform::make_hidden(&hidden) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(cannot("make a folder in", &error).into());
            }
            _ => {}
        }
        let lock = lock(&hidden.join("lock"))?;
        let hidden = Place::open(&hidden)?;
        place.sync()?;
        Ok(Self { _lock: lock, _entered: entered, place, hidden })
    }

    pub fn place(&self) -> &Place {
        &self.place
    }

    pub fn path(&self) -> &Path {
        self.place.path()
    }

    pub fn hidden(&self) -> &Place {
        &self.hidden
    }
}

fn lock(path: &Path) -> Result<File, OpenTrouble> {
    let file = match platform::open_lock(path) {
        #[cfg(windows)]
        Err(error) if platform::is_taken(&error) => return Err(OpenTrouble::Taken { pid: None }),
        opened => opened.map_err(|error| Trouble::of("open", path, &error))?,
    };
    match platform::lock(&file).map_err(|error| Trouble::of("lock", path, &error))? {
        Ok(()) => Ok(file),
        Err(pid) => Err(OpenTrouble::Taken { pid }),
    }
}

/// An entry in the list.
struct Entered {
    number: u64,
    fork_generation: u32,
}

impl Entered {
    /// None when there is one for that folder.
    fn new(identity: Identity) -> Option<Self> {
        let mut open = OPEN.get().lock().unwrap_or_else(PoisonError::into_inner);
        if open.iter().any(|other| other.identity == identity) {
            return None;
        }
        let number = open.last().map_or(0, |last| last.number + 1);
        open.push(Open { identity, number });
        Some(Self { number, fork_generation: platform::fork_generation() })
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        // In a forked child the folder is the parent's, and the list a new one.
        if self.fork_generation == platform::fork_generation() {
            let mut open = OPEN.get().lock().unwrap_or_else(PoisonError::into_inner);
            open.retain(|other| other.number != self.number);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken_by(path: &Path) -> Option<u32> {
        match Folder::open(path) {
            Err(OpenTrouble::Taken { pid }) => pid,
            Err(OpenTrouble::Trouble(why)) => panic!("{}", why.what),
            Ok(_) => None,
        }
    }

    #[test]
    fn one_handle_has_a_folder_and_then_the_next() {
        let folder = tempfile::tempdir().unwrap();
        let first = Folder::open(folder.path()).ok().unwrap();
        assert!(first.hidden().path().ends_with(".ecgrid"));
        assert_eq!(taken_by(folder.path()), Some(std::process::id()));
        assert_eq!(taken_by(&folder.path().join(".ecgrid/..")), Some(std::process::id()));
        drop(first);
        assert_eq!(taken_by(folder.path()), None);
    }

    #[test]
    fn a_new_folder_is_not_taken_for_one_that_was_deleted_while_it_was_open() {
        let (sender, receiver) = std::sync::mpsc::channel::<Folder>();
        let freeing = std::thread::spawn(move || receiver.into_iter().for_each(drop));
        for _ in 0..2000 {
            let folder = tempfile::tempdir().unwrap();
            let opened = Folder::open(folder.path()).ok().expect("a new folder is nobody's");
            sender.send(opened).unwrap();
        }
        drop(sender);
        freeing.join().unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn a_forked_child_does_not_have_it_and_is_told_who_does() {
        let folder = tempfile::tempdir().unwrap();
        let parents = Folder::open(folder.path()).ok().unwrap();
        let parent = std::process::id();
        // SAFETY: the child opens a folder and ends at once.
        let child = unsafe { libc::fork() };
        if child == 0 {
            let said = taken_by(folder.path());
            // As a child's free does.
            drop(parents);
            unsafe { libc::_exit(i32::from(said != Some(parent))) };
        }
        let mut status = -1;
        unsafe { libc::waitpid(child, &mut status, 0) };
        assert_eq!((status, taken_by(folder.path())), (0, Some(parent)));
        drop(parents);
        assert_eq!(taken_by(folder.path()), None);
    }

    #[test]
    fn what_is_no_folder_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        for path in [&file, &folder.path().join("none")] {
            let Err(OpenTrouble::Trouble(why)) = Folder::open(path) else { panic!("opened") };
            assert!(why.what.starts_with("cannot open the folder "), "{}", why.what);
        }
    }
}
