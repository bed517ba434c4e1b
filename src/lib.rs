//! Perron: one online counter that a commune and its CPAS share.
//!
//! # A guided tour
//!
//! Rooms are nouns of the trade. Each opens with what it is and what it refuses to know; this page says
//! in which order to visit them. `docs/ARCHITECTURE.md` follows one citizen's request through them.
//!
//! **What can be asked.** [`definition`] is what clerks write: procedures, forms, workflows, read from YAML
//! and checked before anybody meets them. A [`site`] is one portal, with its own database, key and files;
//! its [shelf](site::shelf) keeps every published version for life.
//!
//! **Asking.** [`form`] derives a citizen's way through the pages from definition, answers and day, parses
//! what is typed, and alone can make a [`form::Complete`]. [`belgium`] knows the country's numbers, dates
//! and addresses, [`calendar`] its working days.
//!
//! **Handling.** A [`request`] is one citizen's file, from draft to last paper. What becomes of it is decided
//! by [`workflow`], which does nothing: it takes a state and gives the next one, the event and what is
//! owed. A [`queue`] is what a service has to handle. [`identity`] is who the agents are, and the wall:
//! everything they load goes through an [`identity::AgentScope`].
//!
//! **Answering.** [`document`] sets a PDF, [`printing`] says what stands on it, [`mail`] writes to people. Both
//! wait as a [`job`] written with the fact they follow from, until the [`worker`] does them.
//!
//! **The ground.** [`db`] lends connections and transactions; a [`db::Tx`] carries time, ids and secrets with
//! it, from the [`clock`]. [`blob`] keeps files by their digest, [`audit`] chains events so that an edit shows,
//! [`secret`] makes codes from the site's key, [`limit`] counts tries.
//!
//! **The edges.** [`web`] is the whole map of addresses; [`server`] puts it behind a socket, [`template`] draws
//! pages. [`command`] is what the operator types, [`config`] what they may say, [`telemetry`] what they are
//! told. [`app`] holds the sites a process serves, [`demo`] the fictitious people of the demonstration.
//!
//! # Which way one looks
//!
//! `main → command, web, worker → domain → {mail, audit, job, blob} → db`. The rooms `definition`, `form`,
//! `workflow`, `calendar`, `belgium` and `document` are pure: no database, no web, no clock, so that they
//! are tested with tables. Only `web` and `mail` render templates. A test reads the sources and holds
//! them to it (`tests/it/architecture.rs`).
//!
//! # Where to begin
//!
//! To change a form: `forms/`, and `perron check`. A page: its handler under [`web`] and the template of the
//! same name. What a transition does: [`workflow`], then [`request::moves`]. A new kind of question:
//! [`definition::field`], [`form`], and a partial in `templates/components/field/`.

pub mod app;
pub mod audit;
pub mod belgium;
pub mod blob;
pub mod calendar;
pub mod clock;
pub mod command;
pub mod config;
pub mod db;
pub mod definition;
pub mod demo;
pub mod document;
pub mod form;
pub mod identity;
pub mod job;
pub mod known;
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
