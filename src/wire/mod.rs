//! ECGrid's JSON: what is sent, and what is read back, liberally where its pages disagree.

mod compose;
mod date;
mod envelope;
mod index;
mod json;
mod jwt;
mod login;
mod number;
pub mod parcel;
mod redact;
mod refusal;
mod scan;
mod secrets;
mod session;
mod spelling;
mod text;
mod trace_id;
mod unescape;

pub use compose::compose;
pub use date::parse_date_time;
pub use envelope::{Envelope, Unreadable, parse_answer};
pub use index::{Index, Kind, Last};
pub use json::Scalar;
pub use login::{LoginData, parse_login};
pub use redact::redact;
pub use refusal::{Refusal, read_refusal};
pub use scan::Unsound;
pub use secrets::find_secrets;
pub use session::{api_key, check_json, user_id};
pub use text::{excerpt, one_line};
pub use trace_id::trace_id;
