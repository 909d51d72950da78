//! Where the content of a parcel comes from.

use std::fs::{File, Metadata};
use std::io::{Read, Seek};
use std::path::{Path, PathBuf};

use crate::files::shown;
use crate::platform::{self, reason};
use crate::transport::{Failure, Fault};

pub trait Source {
    fn length(&self) -> u64;
    fn begin(&mut self) -> Result<(), Failure>;
    /// Fills the buffer, unless the content ends before. At its end it is known to be what was announced.
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Failure>;
}

pub struct InMemory<'a> {
    content: &'a [u8],
    at: usize,
}

impl<'a> InMemory<'a> {
    pub fn new(content: &'a [u8]) -> Self {
        Self { content, at: 0 }
    }
}

impl Source for InMemory<'_> {
    fn length(&self) -> u64 {
        self.content.len() as u64
    }

    fn begin(&mut self) -> Result<(), Failure> {
        self.at = 0;
        Ok(())
    }

    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Failure> {
        let rest = &self.content[self.at..];
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        self.at += count;
        Ok(count)
    }
}

pub struct InFile {
    path: PathBuf,
    file: File,
    /// When it was opened.
    facts: Metadata,
    left: u64,
}

impl InFile {
    /// An error says why it cannot be read.
    pub fn open(path: &Path) -> Result<Self, String> {
        let cannot = |error| format!("cannot read {}: {}", shown(path), reason(&error));
        let file = platform::open_to_read(path).map_err(cannot)?;
        let facts = file.metadata().map_err(cannot)?;
        if !facts.is_file() {
            return Err(format!("{} is no regular file", shown(path)));
        }
        Ok(Self { path: path.to_owned(), left: facts.len(), file, facts })
    }

    fn changed(&self) -> Failure {
        let why = "it was changed while it was being sent; write a file elsewhere, and rename it when it is whole";
        Failure::new(Fault::File, format!("{}: {why}", shown(&self.path)))
    }

    fn cannot(&self, error: &std::io::Error) -> Failure {
        Failure::new(Fault::File, format!("cannot read {}: {}", shown(&self.path), reason(error)))
    }
}

impl Source for InFile {
    fn length(&self) -> u64 {
        self.facts.len()
    }

    fn begin(&mut self) -> Result<(), Failure> {
        // As it is when it was just opened.
        if self.left < self.facts.len() {
            self.file.rewind().map_err(|error| self.cannot(&error))?;
            self.left = self.facts.len();
        }
        Ok(())
    }

    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Failure> {
        let wanted = usize::try_from(self.left).map_or(buffer.len(), |left| left.min(buffer.len()));
        let mut count = 0;
        while count < wanted {
            match self.file.read(&mut buffer[count..wanted]) {
                Ok(0) => return Err(self.changed()),
                Ok(more) => count += more,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(self.cannot(&error)),
            }
        }
        self.left -= count as u64;
        if self.left == 0 && wanted > 0 {
            // Before the last of it leaves: what is not whole ECGrid does not take.
            let now = self.file.metadata().map_err(|error| self.cannot(&error))?;
            if now.len() != self.facts.len() || now.modified().ok() != self.facts.modified().ok() {
                return Err(self.changed());
            }
        }
        Ok(count)
    }
}
