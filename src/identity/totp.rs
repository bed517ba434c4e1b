//! Codes from a telephone (RFC 6238: SHA-1, 30 seconds, 6 digits, which is what every application
//! reads). The database keeps a salt only; the secret is made from it with the site's key, so that
//! a stolen database passes no second factor.

use crate::db::{At, Id};
use crate::secret::Key;
use qrcode::{Color, QrCode};
use std::fmt::Write;

/// RFC 4226 recommends 160 bits.
const SECRET_BYTES: usize = 20;
/// Blank modules around a QR code (ISO/IEC 18004).
const QUIET: usize = 4;

/// One agent's generator of codes.
pub struct Totp(totp_rs::Totp);

impl Totp {
    /// The generator of that salt.
    pub(super) fn of(key: &Key, agent: Id, salt: &str) -> Self {
        let mac = key.mac(&[b"totp", agent.0.as_bytes(), salt.as_bytes()]);
        Self(build(&mac, None))
    }

    /// The code shown on the telephone at that moment.
    pub fn code_at(&self, at: At) -> String {
        self.0.generate(seconds(at)).to_string()
    }

    /// The time step (30 seconds since 1970) of the code typed, when it is right now, one step ago or
    /// one ahead. Spaces do not matter.
    pub(super) fn step_of(&self, typed: &str, now: At) -> Option<i64> {
        let code: String = typed
            .chars()
            .filter(|c| !c.is_whitespace())
            .take(7)
            .collect();
        let step = self.0.check(&code, seconds(now))?;
        i64::try_from(step).ok()
    }

    /// The secret to type by hand: base 32 in groups of four.
    pub fn spelled(&self) -> String {
        let letters = self.0.secret().to_base32();
        let letters: Vec<char> = letters.chars().collect();
        letters
            .chunks(4)
            .map(String::from_iter)
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// The address a telephone reads from the QR code. `issuer` is the site's name.
    pub fn uri(&self, issuer: &str, account: &str) -> String {
        let names = Some((issuer.replace(':', " "), account.replace(':', " ")));
        build(self.0.secret().as_bytes(), names)
            .to_url()
            .unwrap_or_default()
    }
}

fn build(secret: &[u8], names: Option<(String, String)>) -> totp_rs::Totp {
    let secret: Vec<u8> = secret.iter().copied().take(SECRET_BYTES).collect();
    // The builder's own values are those of the RFC: SHA-1, 6 digits, 30 s, one step of skew.
    let builder = totp_rs::Builder::new().with_secret(secret);
    match names {
        Some((issuer, account)) => builder
            .with_issuer(Some(issuer))
            .with_account_name(account)
            .build_noncompliant(),
        None => builder.build_noncompliant(),
    }
}

fn seconds(at: At) -> u64 {
    u64::try_from(at.0.timestamp()).unwrap_or_default()
}

/// A QR code as an SVG drawing: black on white in every theme, no style, no script; the words are
/// beside it. `None` when the text is too long for one (about 2 300 bytes).
pub fn qr_svg(text: &str, label: &str) -> Option<String> {
    let code = QrCode::new(text.as_bytes()).ok()?;
    let width = code.width();
    let side = width + 2 * QUIET;
    let mut path = String::new();
    for (y, row) in code.to_colors().chunks(width).enumerate() {
        let mut x = 0;
        while x < width {
            let run = row[x..].iter().take_while(|c| **c == Color::Dark).count();
            if run > 0 {
                write!(path, "M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET).ok()?;
            }
            x += run.max(1);
        }
    }
    let label = label
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;");
    Some(format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" role="img" aria-label="{label}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{side}v{side}H0z"/><path fill="#000" d="{path}"/></svg>"##
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    fn at(seconds: i64) -> At {
        At::new(DateTime::from_timestamp(seconds, 0).unwrap())
    }

    #[test]
    fn the_codes_are_those_of_the_rfc() {
        // RFC 6238, appendix B, the SHA-1 rows, their last six digits.
        let totp = Totp(build(b"12345678901234567890", None));
        for (time, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(totp.code_at(at(time)), code);
        }
    }

    #[test]
    fn a_code_is_good_one_step_early_and_one_late_and_no_more() {
        let totp = Totp(build(b"12345678901234567890", None));
        assert_eq!(totp.step_of("005 924", at(1_234_567_890)), Some(41_152_263));
        assert!(totp.step_of("005924", at(1_234_567_890 + 30)).is_some());
        assert!(totp.step_of("005924", at(1_234_567_890 - 30)).is_some());
        assert!(totp.step_of("005924", at(1_234_567_890 + 60)).is_none());
        for nonsense in ["", "5924", "+05924", "0059240", "００５９２４", "abcdef"] {
            assert!(totp.step_of(nonsense, at(1_234_567_890)).is_none());
        }
    }

    #[test]
    fn the_address_names_site_and_account_and_the_drawing_has_no_style() {
        let totp = Totp(build(b"12345678901234567890", None));
        let uri = totp.uri("Guichet: Wanze", "a@exemple.be");
        assert!(uri.starts_with("otpauth://totp/Guichet"), "{uri}");
        assert!(
            uri.contains("secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"),
            "{uri}"
        );
        assert!(totp.spelled().starts_with("GEZD GNBV"));
        let svg = qr_svg(&uri, "Code \"QR\"").unwrap();
        assert!(svg.contains("&quot;QR&quot;") && !svg.contains("style"));
        assert!(qr_svg(&"x".repeat(5000), "").is_none());
    }
}
