//! What a command says to the person who typed it: facts on standard output, troubles on standard
//! error. Somebody who stops reading (`| head`) stops nothing.

use std::fmt::Display;
use std::io::Write;

/// One line of what was asked for.
pub fn say(line: impl Display) {
    drop(writeln!(std::io::stdout().lock(), "{line}"));
}

/// One line about what is wrong, or about what takes a while.
pub fn note(line: impl Display) {
    drop(writeln!(std::io::stderr().lock(), "{line}"));
}

/// A whole number as French writes it: `1 000 000`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut shown = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            shown.push('\u{a0}');
        }
        shown.push(digit);
    }
    shown
}

/// `1 demande`, `2 demandes`: the word is given in both numbers.
pub fn count(number: u64, one: &str, many: &str) -> String {
    let word = if number < 2 { one } else { many };
    format!("{}\u{a0}{word}", grouped(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_three_and_agree_with_their_word() {
        assert_eq!(grouped(7), "7");
        assert_eq!(grouped(1_000), "1\u{a0}000");
        assert_eq!(grouped(1_234_567), "1\u{a0}234\u{a0}567");
        assert_eq!(count(0, "demande", "demandes"), "0\u{a0}demande");
        assert_eq!(count(2, "demande", "demandes"), "2\u{a0}demandes");
    }
}
