//! The citizen's way: find, fill in, send, follow. No account is needed; a code opens what is theirs.

pub mod drafts;
pub mod guesses;
pub mod home;
pub mod papers;
pub mod procedures;
pub mod resume;
pub mod sending;
pub mod statements;
pub mod tracking;
pub mod uploads;
pub mod withdrawals;
