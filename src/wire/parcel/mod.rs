//! Parcels, as ECGrid's pages tell of them: what comes, and what goes.

mod answer;
mod compose;
mod decode;
mod encode;
mod split;

pub use answer::{Received, new_id, received};
pub use compose::{by_id, upload};
pub use decode::{BROKEN, DecodeError, Decoder};
pub use encode::{Encoder, encoded_length};
pub use split::{Splitter, Stop};
