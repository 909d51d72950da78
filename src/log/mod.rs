//! What the library tells of its work: one event a line, to a function of the host's or to a file. docs/log.md has the
//! grammar and every event. It is off by default, and then costs a load and a branch.

mod call;
mod event;
mod file;
mod function;
mod hold;
mod level;
mod line;
mod sink;
mod teller;

pub use call::CallLog;
pub use event::*;
pub use file::timestamp;
pub use function::Function;
pub use hold::Hold;
pub use level::Level;
pub use line::Line;
pub use teller::Log;
