//! What every suite has at hand: the library, the compilers, and a place for programs.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use tempfile::TempDir;

use crate::machine::Machine;
use crate::race_library;
use crate::stage::Stage;

pub struct Context {
    pub stage: Stage,
    hooks: Option<Stage>,
    pub machine: Machine,
    scratch: TempDir,
    race_library: OnceLock<Result<PathBuf, String>>,
}

impl Context {
    /// `target` is another system than this machine's.
    pub fn new(stage: &Path, hooks: Option<&Path>, target: Option<&str>) -> Result<Self, String> {
        let scratch =
            tempfile::Builder::new().prefix("ecgrid-c-tests-").tempdir().map_err(|error| error.to_string())?;
        let (stage, machine) = (Stage::open(stage)?, Machine::of(target)?);
        machine.install(stage.root(), scratch.path())?;
        Ok(Self { stage, hooks: hooks.map(Stage::open).transpose()?, machine, scratch, race_library: OnceLock::new() })
    }

    /// The same library with the function that panics, and what else is for tests alone.
    pub fn hooks(&self) -> Result<&Stage, String> {
        self.hooks.as_ref().ok_or_else(|| "this needs the library with test hooks: --hooks-stage FOLDER".into())
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
