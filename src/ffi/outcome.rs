//! Outcome
//!
//! May the caller send it again? The answer is in every error, because "it failed" does not say
//! whether it was done. What the library retries by itself it has retried already: see
//! ecgrid_config_set_max_attempts.
//!
//! A 503 needs a second look: a gateway that has passed the request on, and then lost its server,
//! says 503 too. A 503 is ECGrid's own if its body says success: false or has one of ECGrid's error
//! codes; one with Retry-After counts as such. That is a refusal. Any other 503 is unknown.

/// The request never left: send it again when the cause is mended.
pub const ECGRID_OUTCOME_NOT_SENT: i32 = 0;
/// ECGrid said no and nothing was done (4xx, 429, its own 503, success: false): send it again when
/// it has a reason to say yes.
pub const ECGRID_OUTCOME_REFUSED: i32 = 1;
/// It was sent and may have been done (lost, timed out after sending, a gateway's 503, other 5xx,
/// unreadable answer): find out before sending it again.
pub const ECGRID_OUTCOME_UNKNOWN: i32 = 2;
