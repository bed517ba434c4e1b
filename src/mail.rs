//! What the town hall writes to people: the receipt, the question, the news that a paper is ready. A
//! [`notice`] says what a message tells, a [`letter`] is one mail ready to leave, the [`post`] carries
//! it: by SMTP, or into a [`folder`] that the demonstration shows.
//!
//! Nothing is sent from here on its own account: a mail is a row of the outbox, written in the
//! transaction of the fact it tells of, and the worker carries it when it can.
//!
//! This room refuses to know jobs and attempts. Of a request under social secrecy it tells that there
//! is news and where to read it, and nothing of what it is about.

pub mod folder;
pub mod letter;
pub mod notice;
pub mod post;
mod smtp;

#[cfg(test)]
pub mod testing;
#[cfg(test)]
mod tests;
