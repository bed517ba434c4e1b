//! The integration tests of Perron: one binary that mirrors the web. Each test is a sentence about
//! somebody; `support` holds the application they use, which is the real one.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on fails there"
)]

mod architecture;
mod away;
mod corrections;
mod definitions;
mod desk;
mod downloads;
mod drafts;
mod durability;
mod ground;
mod handing_over;
mod known;
mod leaving;
mod limits;
mod mail;
mod refusals;
mod renewals;
mod searching;
mod stills;
mod submissions;
mod support;
mod tracking;
mod typing;
mod unreadable;
mod uploads;
mod urgent;
mod wall;
mod warnings;
