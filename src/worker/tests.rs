//! A worker in a real house: the demo site of Wanze in a folder of its own, a clock that stands still,
//! a mail server that can be told how to behave.

mod house;
mod mails;
mod others;
