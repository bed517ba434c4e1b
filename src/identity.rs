//! The people behind the counter: agents, how they prove who they are, and what they may see.
//!
//! An agent signs in with a password ([`sign_in`]) and a code from a telephone ([`second_factor`]);
//! a server-side [`session`] remembers it. What an agent may see follows from memberships alone
//! ([`membership`]), and everything on the agents' side is loaded through an [`AgentScope`], which only
//! a complete sign-in makes. Citizens have no account here.

pub mod account;
pub mod membership;
pub mod password;
pub mod scope;
pub mod second_factor;
pub mod session;
pub mod sign_in;
pub mod standing;
pub mod totp;

pub use account::{Agent, AgentName, CreateError};
pub use membership::{Desk, GrantError, Granter, Membership, Memberships, Role};
pub use scope::{AgentScope, HalfWay, Needs, Presence};
pub use session::{Session, Token};
pub use sign_in::{SignIn, SignedIn};

#[cfg(test)]
mod tests;
