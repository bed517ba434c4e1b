//! The administrator's way: what is published, who may enter where, what could not be sent.
//! Administrators see configuration, each of their own authorities, and never a file.

pub mod accounts;
pub mod dead_letters;
pub mod leaving;
pub mod procedures;

use super::agent::{Agent, AgentPost};
use super::error::Error;
use super::input::Posted;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use std::future::Future;
use std::pin::Pin;

/// An agent who administers an authority. For everybody else these pages are not there.
pub struct Admin(pub Agent);

/// A post of an administrator.
pub struct AdminPost {
    pub admin: Admin,
    pub posted: Posted,
}

impl Admin {
    fn of(agent: Agent) -> Result<Self, Error> {
        if agent.scope.memberships().administers.is_empty() {
            Err(Error::NotFound)
        } else {
            Ok(Self(agent))
        }
    }

    /// The ids of the authorities administered.
    pub fn authorities(&self) -> &[String] {
        &self.0.scope.memberships().administers
    }
}

impl FromRequest for Admin {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let agent = Agent::from_request(request, payload);
        Box::pin(async move { Self::of(agent.await?) })
    }
}

impl FromRequest for AdminPost {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let post = AgentPost::from_request(request, payload);
        Box::pin(async move {
            let AgentPost { agent, posted } = post.await?;
            Ok(Self {
                admin: Admin::of(agent)?,
                posted,
            })
        })
    }
}
