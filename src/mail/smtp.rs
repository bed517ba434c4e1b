//! The mail server. Words travel encrypted, or not at all: without TLS only to this very machine.

use lettre::transport::smtp::response::{Code, Severity};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use std::net::IpAddr;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use super::post::{PostError, SendError};
use chrono::{DateTime, TimeDelta, Utc};
use url::Url;

/// How long the server may take for each step.
const PATIENCE: Duration = Duration::from_secs(15);
/// Connections kept for the next mail.
const CONNECTIONS: u32 = 4;
/// After a connection that failed, no other is tried for so long: a thousand mails that wait do not
/// each wait for a server that is down.
const REST: TimeDelta = TimeDelta::seconds(10);

/// A mail server, known to be reached in a safe way.
pub struct Server {
    url: String,
    /// Made at the first mail: its pool wants a runtime to live in.
    transport: OnceLock<AsyncSmtpTransport<Tokio1Executor>>,
    down_since: Mutex<Option<DateTime<Utc>>>,
}

impl Server {
    /// Reads `smtps://…`, `smtp://…?tls=required`, or `smtp://` to this machine. Refuses the rest, and
    /// never repeats the address in its refusal: it holds a password.
    pub fn parse(text: &str) -> Result<Self, PostError> {
        let url = Url::parse(text.trim()).map_err(|_| PostError::Address)?;
        let host = url.host_str().filter(|host| !host.is_empty());
        let host = host.ok_or(PostError::Address)?;
        let tls = url.query_pairs().find(|(key, _)| key == "tls");
        match (url.scheme(), tls.as_ref().map(|(_, value)| &**value)) {
            ("smtps", None) | ("smtp", Some("required")) => {}
            ("smtp", None) if is_this_machine(host) => {}
            ("smtp", None | Some("opportunistic")) => {
                return Err(PostError::Plain(host.to_owned()));
            }
            _ => return Err(PostError::Address),
        }
        let url = url.to_string();
        // The same reading as the one at the first mail, so that it cannot fail then.
        AsyncSmtpTransport::<Tokio1Executor>::from_url(&url).map_err(|_| PostError::Address)?;
        Ok(Self {
            url,
            transport: OnceLock::new(),
            down_since: Mutex::new(None),
        })
    }

    /// Hands a mail over; `Ok` once the server took it upon itself.
    pub async fn send(&self, mail: Message, now: DateTime<Utc>) -> Result<(), SendError> {
        if self.rests(now) {
            return Err(SendError::Down("the server was down a moment ago"));
        }
        let sent = self.transport()?.send(mail).await;
        let failed = match sent {
            Ok(_) => return Ok(()),
            Err(error) => judge(&error),
        };
        if matches!(failed, SendError::Down(_)) {
            *self
                .down_since
                .lock()
                .unwrap_or_else(PoisonError::into_inner) = Some(now);
        }
        Err(failed)
    }

    fn rests(&self, now: DateTime<Utc>) -> bool {
        let down = *self
            .down_since
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        down.is_some_and(|since| now - since < REST)
    }

    fn transport(&self) -> Result<&AsyncSmtpTransport<Tokio1Executor>, SendError> {
        if self.transport.get().is_none() {
            let made = AsyncSmtpTransport::<Tokio1Executor>::from_url(&self.url)
                .map_err(|_| SendError::Down("the address of the server cannot be used"))?
                .timeout(Some(PATIENCE))
                .pool_config(
                    lettre::transport::smtp::PoolConfig::new()
                        .max_size(CONNECTIONS)
                        .idle_timeout(Duration::from_secs(30)),
                )
                .build();
            // Two mails at once may both make one; the first stays.
            drop(self.transport.set(made));
        }
        self.transport
            .get()
            .ok_or(SendError::Down("no connection could be prepared"))
    }
}

/// The name of the server alone: the address holds a password.
impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Server(…)")
    }
}

fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// What a failure means. The server's own words stay here: they often repeat the address.
fn judge(error: &lettre::transport::smtp::Error) -> SendError {
    match error.status() {
        Some(code) if speaks_of_the_mail(code) => SendError::Refused(code.to_string()),
        Some(code) => SendError::Later(code.to_string()),
        None if error.is_timeout() => SendError::Down("the server did not answer in time"),
        None if error.is_tls() => SendError::Down("no encrypted connection with the server"),
        None if error.is_client() => SendError::Later("the client".to_owned()),
        None => SendError::Down("the server cannot be reached"),
    }
}

/// 55x is a verdict on this mail (no such mailbox, not wanted). Another 5xx is about us (a password
/// that changed, a command): a person mends it and the mail leaves.
fn speaks_of_the_mail(code: Code) -> bool {
    use lettre::transport::smtp::response::Category;
    code.severity == Severity::PermanentNegativeCompletion && code.category == Category::MailSystem
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_leave_encrypted_or_stay_on_this_machine() {
        for good in [
            "smtps://guichet:secret@mail.wanze.example",
            "smtps://mail.wanze.example:465",
            "smtp://guichet:p%40ss@mail.wanze.example:587?tls=required",
            "smtp://127.0.0.1:2525",
            "smtp://localhost",
        ] {
            assert!(Server::parse(good).is_ok(), "{good}");
        }
        for plain in [
            "smtp://mail.wanze.example",
            "smtp://10.0.0.3:25",
            "smtp://mail.wanze.example?tls=opportunistic",
            "smtp://localhost.wanze.example",
        ] {
            let refused = Server::parse(plain).map(drop);
            assert!(matches!(refused, Err(PostError::Plain(_))), "{plain}");
        }
        for bad in [
            "",
            "mail.wanze.example",
            "http://mail.wanze.example",
            "smtp://",
            "smtps://mail.wanze.example?tls=none",
            "smtp://mail.wanze.example?tls=never",
        ] {
            let refused = Server::parse(bad).map(drop);
            assert!(matches!(refused, Err(PostError::Address)), "{bad}");
        }
    }

    #[test]
    fn a_refusal_repeats_no_password() {
        let refused = Server::parse("smtp://guichet:geheim@mail.wanze.example").unwrap_err();
        assert!(!refused.to_string().contains("geheim"), "{refused}");
        assert!(
            refused.to_string().contains("mail.wanze.example"),
            "{refused}"
        );
    }
}
