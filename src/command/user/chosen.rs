//! The password of a command: read from the standard input, or made up and shown once.

use super::UserError;
use crate::clock::Clock;
use crate::command::screen::{note, say};
use crate::identity::password::Password;
use std::io::BufRead;

/// A password, and what to print of it.
pub(super) struct Chosen {
    pub(super) password: Password,
    made: Option<String>,
}

impl Chosen {
    pub(super) fn read(from_input: bool, clock: &Clock) -> Result<Self, UserError> {
        if !from_input {
            let text = made_up(clock.secret());
            let password = Password::parse(&text).map_err(UserError::Password)?;
            return Ok(Self {
                password,
                made: Some(text),
            });
        }
        let mut line = String::new();
        std::io::stdin()
            .lock()
            .read_line(&mut line)
            .map_err(UserError::Input)?;
        let password =
            Password::parse(line.trim_end_matches(['\r', '\n'])).map_err(UserError::Password)?;
        Ok(Self {
            password,
            made: None,
        })
    }

    pub(super) fn show(&self) {
        if let Some(text) = &self.made {
            say(format!("Mot de passe (affiché cette seule fois) : {text}"));
            note("Transmettez-le de vive voix ou par un canal sûr, jamais par courriel.");
        }
    }
}

/// Twenty letters and figures without letters that look the same, in groups of five: 100 bits.
fn made_up(secret: [u8; 32]) -> String {
    const AMONG: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz234567892";
    let letters: Vec<u8> = secret
        .iter()
        .take(20)
        .map(|byte| AMONG[usize::from(byte % 32)])
        .collect();
    letters
        .chunks(5)
        .map(|five| five.iter().map(|b| char::from(*b)).collect::<String>())
        .collect::<Vec<_>>()
        .join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_made_up_password_is_fit_to_be_one_and_differs_with_the_secret() {
        let one = made_up(Clock::system().secret());
        assert_eq!(one.len(), 23);
        assert!(Password::parse(&one).is_ok());
        assert_ne!(one, made_up(Clock::system().secret()));
    }
}
