//! Where the content of a parcel goes.

use std::path::{Path, PathBuf};

use crate::files::{Folder, NewFile, Trouble, WorkFile};
use crate::memory::Buffer;
use crate::transport::{Failure, Fault};

pub trait Destination {
    /// What was written before is gone.
    fn begin(&mut self) -> Result<(), Failure>;
    fn write(&mut self, bytes: &[u8]) -> Result<(), Failure>;
}

/// Memory, up to so many bytes.
pub struct InMemory {
    pub content: Buffer,
    most: u64,
}

impl InMemory {
    pub fn new(most: u64) -> Self {
        Self { content: Buffer::default(), most }
    }
}

impl Destination for InMemory {
    fn begin(&mut self) -> Result<(), Failure> {
        self.content.clear();
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        if (self.content.len() + bytes.len()) as u64 > self.most {
            return Err(Failure::new(Fault::TooLarge, format!("the parcel is over {} bytes", self.most)));
        }
        Ok(self.content.append(bytes)?)
    }
}

/// A file in the hidden folder, gone again unless it is kept.
pub struct InWorkFile<'a> {
    folder: &'a Folder,
    path: PathBuf,
    file: Option<WorkFile>,
    is_written: bool,
    is_kept: bool,
}

impl<'a> InWorkFile<'a> {
    pub fn create(folder: &'a Folder, path: PathBuf) -> Result<Self, Trouble> {
        let file = Some(WorkFile::create(&path)?);
        Ok(Self { folder, path, file, is_written: false, is_kept: false })
    }

    /// It is whole: on the disk it stays, and so does its name.
    pub fn keep(mut self) -> Result<(), Trouble> {
        if let Some(file) = self.file.take() {
            file.sync()?;
        }
        self.folder.hidden().sync()?;
        self.is_kept = true;
        Ok(())
    }
}

impl Destination for InWorkFile<'_> {
    fn begin(&mut self) -> Result<(), Failure> {
        if std::mem::take(&mut self.is_written) {
            self.file = Some(WorkFile::create(&self.path).map_err(failed)?);
        }
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.is_written = true;
        self.file.as_mut().map_or(Ok(()), |file| file.write(bytes)).map_err(failed)
    }
}

impl Drop for InWorkFile<'_> {
    fn drop(&mut self) {
        if !self.is_kept {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// A file that appears when all of it is there.
pub struct InNewFile<'a> {
    path: &'a Path,
    file: Option<NewFile>,
    is_written: bool,
}

impl<'a> InNewFile<'a> {
    pub fn create(path: &'a Path) -> Result<Self, Trouble> {
        Ok(Self { path, file: Some(NewFile::create(path)?), is_written: false })
    }

    pub fn appear(self) -> Result<(), Trouble> {
        self.file.map_or(Ok(()), NewFile::appear)
    }
}

impl Destination for InNewFile<'_> {
    fn begin(&mut self) -> Result<(), Failure> {
        if std::mem::take(&mut self.is_written) {
            self.file = None;
            self.file = Some(NewFile::create(self.path).map_err(failed)?);
        }
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.is_written = true;
        self.file.as_mut().map_or(Ok(()), |file| file.write(bytes)).map_err(failed)
    }
}

fn failed(why: Trouble) -> Failure {
    Failure::new(Fault::File, why.what)
}
