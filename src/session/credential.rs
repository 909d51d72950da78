//! What a session shows to ECGrid: a token or an API key.

use std::ffi::CStr;
use std::sync::Arc;

use super::flight::Replicate;
use crate::secret::SecretText;
use crate::token::Token;

#[derive(Clone)]
pub enum Credential {
    Token(Arc<Token>),
    Key(Arc<SecretText>),
}

impl Credential {
    pub fn key(text: &str) -> Self {
        Self::Key(Arc::new(SecretText::new(&[text.as_bytes()]).expect("a header value holds no NUL")))
    }

    /// The parts of its header line: what stands before the secret, and that.
    pub fn header(&self) -> [&str; 2] {
        match self {
            Self::Token(token) => ["Authorization: Bearer ", ascii(token.value())],
            Self::Key(key) => ["X-API-Key: ", ascii(key.as_c_str())],
        }
    }

    /// What no message may show.
    pub fn secret(&self) -> &str {
        self.header()[1]
    }
}

/// Tokens and keys were checked when they came.
fn ascii(text: &CStr) -> &str {
    text.to_str().unwrap_or_default()
}

impl Replicate for Credential {
    fn replica(&self) -> Self {
        match self {
            Self::Token(token) => Self::Token(Arc::new(token.replica())),
            Self::Key(_) => Self::key(self.secret()),
        }
    }
}
