//! One request to ECGrid: what it is for, how it is sent, whether it is sent again, and what its answer means.

pub(crate) mod endpoints;
pub(crate) mod given_answer;
pub(crate) mod operation;
pub(crate) mod retry;
pub(crate) mod service;
pub(crate) mod verdict;
