//! Perron: one online counter that a commune and its CPAS share.

pub mod app;
pub mod audit;
pub mod belgium;
pub mod blob;
pub mod calendar;
pub mod clock;
pub mod config;
pub mod db;
pub mod definition;
pub mod document;
pub mod form;
pub mod identity;
pub mod job;
pub mod limit;
pub mod mail;
pub mod printing;
pub mod queue;
pub mod request;
pub mod secret;
pub mod server;
pub mod site;
pub mod telemetry;
pub mod template;
pub mod web;
pub mod worker;
pub mod workflow;
