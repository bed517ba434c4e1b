//! What a citizen and an agent may rely on when a form is answered.

mod changes;
mod controls;
mod examples;
mod fixture;
mod journeys;
mod properties;
mod reading;
mod sending;
mod small_forms;
