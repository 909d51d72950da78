//! What a session shows to ECGrid: a token or an API key.

use std::sync::Arc;

use super::flight::Replicate;
use crate::token::Token;

pub type Credential = Arc<Token>;

impl Replicate for Credential {
    fn replica(&self) -> Self {
        Self::new(Token::replica(self))
    }
}
