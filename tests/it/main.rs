//! The integration tests of Perron: one binary that mirrors the web. Each test is a sentence about
//! somebody; `support` holds the application they use, which is the real one.

mod architecture;
mod away;
mod definitions;
mod desk;
mod drafts;
mod durability;
mod ground;
mod limits;
mod mail;
mod submissions;
mod support;
mod uploads;
mod wall;
