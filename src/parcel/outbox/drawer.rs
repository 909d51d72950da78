//! Where files go that are done with: `sent/`, and `refused/` and `unclear/` with the reason beside each.

use std::ffi::OsString;
use std::fs;
use std::iter;
use std::path::Path;

use super::record::{Record, State};
use crate::files::{Folder, NewFile, Place, Trouble, TroubleKind, make_folder, names};

/// Moves the file of a record there. One that is there already stays as it is, and is put on the disk.
pub fn put(folder: &Folder, record: &Record) -> Result<(), Trouble> {
    let work = folder.hidden().path().join(record.work_name());
    if work.symlink_metadata().is_err() {
        return folder.hidden().sync();
    }
    let (name, within) = (&record.name, folder.place());
    match &record.state {
        State::Sent(parcel) => {
            make_folder(within, "sent")?.take(&work, &mut names::numbered(&parcel.to_string(), name)).map(drop)
        }
        state => match state.reason() {
            Some((to, why)) => with_reason(&work, &make_folder(within, to)?, name, why),
            None => Ok(()),
        },
    }
}

/// Under the first name that is free for both.
fn with_reason(work: &Path, to: &Place, name: &str, why: &str) -> Result<(), Trouble> {
    const BESIDE: &str = ".reason.txt";
    let text = format!("{why}\n");
    let mut number = 1;
    loop {
        let numbered = if number == 1 { name.to_owned() } else { format!("{number}-{name}") };
        let candidate = names::fitting(&numbered, BESIDE.len());
        let beside = to.path().join(format!("{candidate}{BESIDE}"));
        number += 1;
        let is_new = match write_new(&beside, &text) {
            Err(why) if why.kind == TroubleKind::Exists => {
                // Of ours, if a process died before the file followed.
                let is_alone = to.path().join(&candidate).symlink_metadata().is_err();
                if !(is_alone && fs::read(&beside).ok().as_deref() == Some(text.as_bytes())) {
                    continue;
                }
                false
            }
            written => written.map(|()| true)?,
        };
        match to.take(work, &mut iter::once(candidate)) {
            Err(why) if why.kind == TroubleKind::Exists => {
                if is_new {
                    let _ = fs::remove_file(&beside);
                }
            }
            placed => return placed.map(drop),
        }
    }
}

fn write_new(path: &Path, text: &str) -> Result<(), Trouble> {
    let mut file = NewFile::create(path)?;
    file.write(text.as_bytes())?;
    file.appear()
}

/// The files that a round may take, by name.
pub fn ready(folder: &Folder) -> Result<Vec<OsString>, Trouble> {
    let cannot = |error| Trouble::of("read the folder", folder.path(), &error);
    let mut ready = Vec::new();
    for entry in fs::read_dir(folder.path()).map_err(cannot)? {
        let entry = entry.map_err(cannot)?;
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        let name = entry.file_name();
        if is_file && names::is_ready(&name) {
            let (Ok(at) | Err(at)) = ready.binary_search(&name);
            ready.insert(at, name);
        }
    }
    Ok(ready)
}
