//! Postal codes, telephones, e-mail addresses, countries.

use proptest::prelude::*;

use crate::belgium::{
    Country, CountryError, DigitsError, Email, EmailError, Phone, PhoneError, PostalCode,
    PostalCodeError,
};

#[test]
fn a_postal_code_has_four_digits_and_no_leading_zero() {
    for input in ["4520", " 4520 ", "B-4520", "BE-4520"] {
        assert_eq!(PostalCode::parse(input).unwrap().as_str(), "4520");
    }
    for (input, error) in [
        ("", PostalCodeError::Digits(DigitsError::Empty)),
        (
            "452",
            PostalCodeError::Digits(DigitsError::TooShort { missing: 1 }),
        ),
        (
            "45200",
            PostalCodeError::Digits(DigitsError::TooLong { extra: 1 }),
        ),
        ("0520", PostalCodeError::LeadingZero),
        (
            "4520 Wanze",
            PostalCodeError::Digits(DigitsError::NotDigits { found: 'W' }),
        ),
    ] {
        assert_eq!(PostalCode::parse(input), Err(error), "{input}");
    }
}

#[test]
fn a_telephone_is_read_as_belgians_write_it() {
    for (input, kept) in [
        ("085 27 35 10", "+3285273510"),
        ("085/27.35.10", "+3285273510"),
        ("0470 12 34 56", "+32470123456"),
        ("0470/12.34.56", "+32470123456"),
        ("02 555 12 12", "+3225551212"),
        ("04 221 80 00", "+3242218000"),
        ("0800 90 929", "+3280090929"),
        ("0032 85 27 35 10", "+3285273510"),
        ("+32 (0)85 27 35 10", "+3285273510"),
        ("0032 (0) 470 12 34 56", "+32470123456"),
        ("+33 1 42 68 53 00", "+33142685300"),
    ] {
        assert_eq!(
            Phone::parse(input).map(|phone| phone.as_str().to_owned()),
            Ok(kept.to_owned()),
            "{input}"
        );
    }
}

#[test]
fn a_telephone_is_shown_in_the_national_manner_and_logged_masked() {
    let phone = Phone::parse("+3285273510").unwrap();
    assert_eq!(phone.to_string(), "085 27 35 10");
    assert_eq!(phone.link(), "tel:+3285273510");
    assert_eq!(format!("{phone:?}"), "Phone(…10)");
    let mobile = Phone::parse("0470123456").unwrap();
    assert_eq!(mobile.to_string(), "0470 12 34 56");
    let french = Phone::parse("+33142685300").unwrap();
    assert_eq!(french.to_string(), "+33 1 42 68 53 00");
}

#[test]
fn what_is_wrong_with_a_telephone_is_said_precisely() {
    for (input, error) in [
        ("", PhoneError::Empty),
        (" - ", PhoneError::Empty),
        ("112", PhoneError::TooShort),
        ("085 27 35", PhoneError::TooShort),
        ("0470 12 34 56 78 90", PhoneError::TooLong),
        ("070 12 34 56", PhoneError::NotGivenOut),
        ("085 27 35 1O", PhoneError::NotAllowed { found: 'O' }),
        ("+", PhoneError::TooShort),
    ] {
        assert_eq!(Phone::parse(input), Err(error), "{input}");
    }
    assert_eq!(Phone::parse(&"1".repeat(5000)), Err(PhoneError::TooLong));
}

#[test]
fn an_address_keeps_its_name_and_lowers_its_domain() {
    let email = Email::parse(" Jeanne.Dupont+wanze@Exemple.BE ").unwrap();
    assert_eq!(email.as_str(), "Jeanne.Dupont+wanze@exemple.be");
    assert_eq!(email.domain(), "exemple.be");
    assert_eq!(format!("{email:?}"), "Email(J…@exemple.be)");
    assert!(Email::parse("o'neil@a-b.exemple.brussels").is_ok());
}

#[test]
fn what_is_wrong_with_an_address_is_said_precisely() {
    for (input, error) in [
        ("", EmailError::Empty),
        ("jeanne.exemple.be", EmailError::NoAt),
        ("a@b.be, c@d.be", EmailError::SeveralAts),
        ("@exemple.be", EmailError::NoLocalPart),
        ("jeanne@", EmailError::NoDomain),
        ("jeanne@exemple", EmailError::NoDot),
        ("jeanne@exemple..be", EmailError::MisplacedDot),
        ("jeanne@exemple.be.", EmailError::MisplacedDot),
        ("jeanne.@exemple.be", EmailError::MisplacedDot),
        ("jeanne@-exemple.be", EmailError::MisplacedHyphen),
        (
            "jeanne dupont@exemple.be",
            EmailError::NotAllowed { found: ' ' },
        ),
        ("hélène@exemple.be", EmailError::NotAllowed { found: 'é' }),
        (
            "a@exemple.be\r\nBcc: x",
            EmailError::NotAllowed { found: '\r' },
        ),
    ] {
        assert_eq!(Email::parse(input), Err(error), "{input}");
    }
    let long_name = format!("{}@exemple.be", "a".repeat(65));
    assert_eq!(Email::parse(&long_name), Err(EmailError::TooLong));
    let long_label = format!("a@{}.be", "a".repeat(64));
    assert_eq!(Email::parse(&long_label), Err(EmailError::TooLong));
    let long = format!("a@{}be", "exemple.".repeat(40));
    assert_eq!(Email::parse(&long), Err(EmailError::TooLong));
}

#[test]
fn the_list_of_countries_opens_with_belgium_and_its_neighbours() {
    let codes: Vec<_> = Country::all().map(Country::as_str).collect();
    assert_eq!(codes[..5], ["BE", "FR", "LU", "DE", "NL"]);
    assert_eq!(codes.len(), 250);
    let distinct: std::collections::HashSet<_> = codes.iter().collect();
    assert_eq!(distinct.len(), codes.len());
    assert_eq!(Country::all().next(), Some(Country::BELGIUM));
}

#[test]
fn a_country_is_read_by_code_or_by_name() {
    for input in ["be", "BE", "Belgique", "belgique"] {
        assert_eq!(Country::parse(input), Ok(Country::BELGIUM));
    }
    let ivory = Country::parse("côte d'ivoire").unwrap();
    assert_eq!((ivory.as_str(), ivory.name()), ("CI", "Côte d’Ivoire"));
    assert_eq!(Country::parse(""), Err(CountryError::Empty));
    assert_eq!(Country::parse("ZZ"), Err(CountryError::Unknown));
    assert_eq!(serde_json::to_string(&ivory).unwrap(), "\"CI\"");
    assert_eq!(serde_json::from_str::<Country>("\"CI\"").unwrap(), ivory);
}

proptest! {
    #[test]
    fn an_address_kept_is_read_again(
        name in "[a-z0-9]{1,20}(\\.[a-z0-9]{1,20})?", domain in "[a-z0-9]{1,20}\\.[a-z]{2,8}"
    ) {
        let email = Email::parse(&format!("{name}@{domain}")).unwrap();
        prop_assert_eq!(Email::parse(email.as_str()), Ok(email));
    }

    #[test]
    fn a_mobile_number_shown_is_read_again(end in 0_u32..10_000_000) {
        let phone = Phone::parse(&format!("047{end:07}")).unwrap();
        prop_assert_eq!(Phone::parse(&phone.to_string()), Ok(phone));
    }

    #[test]
    fn nothing_typed_brings_the_counter_down(text in "\\PC{0,40}", dialled in "[+0-9() /.-]{0,40}") {
        for text in [text, dialled] {
            let _ = Phone::parse(&text);
            let _ = Email::parse(&text);
            let _ = PostalCode::parse(&text);
            let _ = Country::parse(&text);
        }
    }
}
