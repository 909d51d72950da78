//! What every suite has at hand: the library, the compilers, and a place for programs.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use tempfile::TempDir;

use crate::compile::Compiler;
use crate::race_library;
use crate::stage::Stage;

pub struct Context {
    pub stage: Stage,
    /// The same library with the function that panics.
    pub hooks: Stage,
    pub compiler: Compiler,
    scratch: TempDir,
    race_library: OnceLock<Result<PathBuf, String>>,
}

impl Context {
    pub fn new(stage: &Path, hooks: &Path) -> Result<Self, String> {
        let scratch =
            tempfile::Builder::new().prefix("ecgrid-c-tests-").tempdir().map_err(|error| error.to_string())?;
        Ok(Self {
            stage: Stage::open(stage)?,
            hooks: Stage::open(hooks)?,
            compiler: Compiler::of_system()?,
            scratch,
            race_library: OnceLock::new(),
        })
    }

    /// A folder that goes when the runner does.
    pub fn scratch(&self) -> &Path {
        self.scratch.path()
    }

    /// The library as ThreadSanitizer watches it, built by the first who asks: that takes minutes.
    pub fn race_library(&self) -> Result<&Path, String> {
        self.race_library.get_or_init(|| race_library::build(self)).as_deref().map_err(Clone::clone)
    }

    /// A file of this crate's folder.
    pub fn own(&self, path: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
    }

    /// A file of the project.
    pub fn project(&self, path: &str) -> PathBuf {
        self.own("..").join(path)
    }
}
