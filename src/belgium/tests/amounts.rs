//! Amounts and numbers with a comma.

use proptest::prelude::*;

use crate::belgium::{Cents, Decimal, NumberError, parse_integer};

#[test]
fn an_amount_is_read_as_belgians_write_it() {
    for (input, cents) in [
        ("15", 1500),
        ("15,5", 1550),
        ("15,50", 1550),
        ("15,500", 1550),
        ("15.50", 1550),
        ("15,", 1500),
        ("1.234,56", 123_456),
        ("1 234,56", 123_456),
        ("1\u{a0}234,56\u{a0}€", 123_456),
        ("1\u{202f}234,56", 123_456),
        ("1.234", 123_400),
        ("1.234.567", 123_456_700),
        ("1234,5", 123_450),
        ("€ 15", 1500),
        ("15 EUR", 1500),
        ("15 euros", 1500),
        ("0,05", 5),
        ("007", 700),
        ("-3,20", -320),
        ("\u{2212}3,20", -320),
    ] {
        assert_eq!(Cents::parse(input), Ok(Cents::new(cents)), "{input}");
    }
}

#[test]
fn what_is_wrong_with_an_amount_is_said_precisely() {
    use NumberError as E;
    for (input, error) in [
        ("", E::Empty),
        (" € ", E::Empty),
        ("-", E::Empty),
        ("quinze", E::NotDigits { found: 'q' }),
        ("15 $", E::NotDigits { found: '$' }),
        ("1e3", E::NotDigits { found: 'e' }),
        ("1,5,2", E::MisplacedSeparator),
        ("1,234.56", E::MisplacedSeparator),
        ("1.23.456", E::MisplacedSeparator),
        ("12 34", E::MisplacedSeparator),
        ("1234.567", E::MisplacedSeparator),
        (",50", E::MisplacedSeparator),
        ("15,505", E::TooPrecise { most: 2 }),
        ("1234567890123456", E::TooLarge),
    ] {
        assert_eq!(Cents::parse(input), Err(error), "{input}");
    }
    assert_eq!(
        Cents::parse(&"9".repeat(15)),
        Ok(Cents::new(99_999_999_999_999_900))
    );
}

#[test]
fn an_amount_is_shown_with_a_comma_and_spaces_that_do_not_break() {
    for (cents, shown) in [
        (1500, "15,00\u{a0}€"),
        (5, "0,05\u{a0}€"),
        (123_456, "1\u{a0}234,56\u{a0}€"),
        (123_456_789, "1\u{a0}234\u{a0}567,89\u{a0}€"),
        (-320, "-3,20\u{a0}€"),
    ] {
        assert_eq!(Cents::new(cents).to_string(), shown);
    }
    assert_eq!(Cents::new(123_450).to_input(), "1234,50");
    assert_eq!(serde_json::to_string(&Cents::new(1500)).unwrap(), "1500");
}

#[test]
fn amounts_add_up_and_never_wrap() {
    let total: Cents = [Cents::new(1500), Cents::new(250)].into_iter().sum();
    assert_eq!(total, Cents::new(1750));
    assert_eq!(Cents::new(550).checked_mul(3), Some(Cents::new(1650)));
    assert_eq!(Cents::new(i64::MAX).checked_mul(2), None);
    assert_eq!(Cents::new(i64::MAX).checked_add(Cents::new(1)), None);
    assert_eq!(Cents::ZERO.checked_sub(Cents::new(1)), Some(Cents::new(-1)));
}

#[test]
fn a_decimal_keeps_what_was_typed() {
    for (input, shown, kept) in [
        ("2,5", "2,5", "2,5"),
        ("1.234,560", "1\u{a0}234,56", "1234,56"),
        ("-0,000001", "-0,000001", "-0,000001"),
        ("15", "15", "15"),
    ] {
        let decimal = Decimal::parse(input).unwrap();
        assert_eq!(decimal.to_string(), shown);
        assert_eq!(decimal.to_input(), kept);
        let json = serde_json::to_string(&decimal).unwrap();
        assert_eq!(serde_json::from_str::<Decimal>(&json).unwrap(), decimal);
    }
    assert!((Decimal::parse("2,5").unwrap().as_f64() - 2.5).abs() < f64::EPSILON);
    assert_eq!(Decimal::parse("2,5").unwrap().millionths(), 2_500_000);
    assert_eq!(
        Decimal::parse("0,1234567"),
        Err(NumberError::TooPrecise { most: 6 })
    );
    assert_eq!(
        Decimal::parse("999999999999999"),
        Err(NumberError::TooLarge)
    );
}

#[test]
fn a_whole_number_has_no_decimals() {
    assert_eq!(parse_integer("1.234"), Ok(1234));
    assert_eq!(parse_integer("1 234"), Ok(1234));
    assert_eq!(parse_integer("-3"), Ok(-3));
    assert_eq!(parse_integer("3,0"), Ok(3));
    assert_eq!(
        parse_integer("3,5"),
        Err(NumberError::TooPrecise { most: 0 })
    );
}

proptest! {
    #[test]
    fn an_amount_shown_is_read_again(cents in -99_999_999_999_999_i64..99_999_999_999_999) {
        let amount = Cents::new(cents);
        prop_assert_eq!(Cents::parse(&amount.to_string()), Ok(amount));
        prop_assert_eq!(Cents::parse(&amount.to_input()), Ok(amount));
    }

    #[test]
    fn nothing_typed_brings_the_counter_down(text in "\\PC{0,40}", figures in "[0-9., -]{0,40}") {
        for text in [text, figures] {
            let _ = Cents::parse(&text);
            let _ = Decimal::parse(&text);
            let _ = parse_integer(&text);
        }
    }
}
