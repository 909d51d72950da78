//! Files that are whole, or not there: on whatever file system a user has, whatever moment the process or the machine ends.
//! Knows nothing of parcels.

mod folder;
pub mod names;
mod new_file;
mod notes;
mod place;
mod trouble;
mod work_file;

pub use folder::{Folder, OpenTrouble};
pub use new_file::NewFile;
pub use notes::Notes;
pub use place::{Place, make_folder};
pub use trouble::{Trouble, TroubleKind, shown};
pub use work_file::WorkFile;
