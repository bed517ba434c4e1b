//! National, enterprise and account numbers, communications.

use proptest::prelude::*;

use super::{day, judge, today};
use crate::belgium::{
    DigitsError, EnterpriseNumber, EnterpriseNumberError, Iban, IbanError, NationalNumber,
    NationalNumberError, StructuredCommunication, StructuredCommunicationError,
};

fn national(input: &str) -> Result<NationalNumber, NationalNumberError> {
    NationalNumber::parse(input, today())
}

#[test]
fn every_national_number_is_judged_as_the_independent_library_does() {
    judge(
        include_str!("../../../tests/vectors/national_number.json"),
        |input| national(input).is_ok(),
    );
}

#[test]
fn every_enterprise_number_is_judged_as_the_independent_library_does() {
    judge(
        include_str!("../../../tests/vectors/enterprise_number.json"),
        |input| EnterpriseNumber::parse(input).is_ok(),
    );
}

#[test]
fn every_iban_is_judged_as_the_independent_library_does() {
    judge(include_str!("../../../tests/vectors/iban.json"), |input| {
        Iban::parse(input).is_ok()
    });
}

#[test]
fn every_communication_is_judged_as_the_independent_library_does() {
    judge(
        include_str!("../../../tests/vectors/structured_communication.json"),
        |input| StructuredCommunication::parse(input).is_ok(),
    );
}

#[test]
fn a_national_number_is_read_with_any_separators() {
    for input in [
        "85.07.30-033.28",
        "42.01.22.051-81",
        "40 00 00 955-79",
        "00 00 01 003-64",
        "40 00 01 001-33",
        "17.07.30-033.84",
        "85.47.30-033.17",
        "\u{a0}85 07 30/033–28 ",
    ] {
        assert!(national(input).is_ok(), "{input}");
    }
    for input in ["85073003329", "85073003327", "00000000000", "85073000097"] {
        assert!(national(input).is_err(), "{input}");
    }
}

#[test]
fn a_national_number_is_kept_as_digits_shown_grouped_and_logged_masked() {
    let number = national("85 07 30 033 28").unwrap();
    assert_eq!(number.as_str(), "85073003328");
    assert_eq!(number.to_string(), "85.07.30-033.28");
    assert_eq!(number.masked(), "85.07.30-***.**");
    assert_eq!(format!("{number:?}"), "NationalNumber(85.07.30-***.**)");
}

#[test]
fn a_number_born_after_2000_takes_the_prefix() {
    let born = |input| national(input).unwrap().birth_date(today());
    assert_eq!(born("17.07.30-033.84"), Some(day(2017, 7, 30)));
    assert_eq!(born("85.07.30-033.28"), Some(day(1985, 7, 30)));
    assert_eq!(born("00012556777"), Some(day(2000, 1, 25)));
}

#[test]
fn a_bis_number_has_its_month_raised() {
    let bis = national("85.47.30-033.17").unwrap();
    assert!(bis.is_bis());
    assert_eq!(bis.birth_date(today()), Some(day(1985, 7, 30)));
    assert!(!national("85.07.30-033.28").unwrap().is_bis());
}

#[test]
fn a_date_known_in_part_gives_no_date_of_birth() {
    for input in ["40 00 00 955-79", "00 00 01 003-64", "40 00 01 001-33"] {
        assert_eq!(national(input).unwrap().birth_date(today()), None);
    }
}

#[test]
fn nobody_is_born_tomorrow() {
    // The number 17.07.30-033.84, judged the day before and the day itself.
    let number = |today| NationalNumber::parse("17073003384", today);
    assert_eq!(
        number(day(2017, 7, 29)),
        Err(NationalNumberError::BornInTheFuture)
    );
    assert!(number(day(2017, 7, 30)).is_ok());
}

#[test]
fn what_is_wrong_with_a_national_number_is_said_precisely() {
    use DigitsError::{Empty, NotDigits, TooLong, TooShort};
    use NationalNumberError as E;
    for (input, error) in [
        (" - ", E::Digits(Empty)),
        ("85.07.30-033.2", E::Digits(TooShort { missing: 1 })),
        ("85.07.30-033.283", E::Digits(TooLong { extra: 1 })),
        ("85.O7.30-033.28", E::Digits(NotDigits { found: 'O' })),
        ("85.13.30-033.28", E::ImpossibleDate),
        ("85.02.30-033.28", E::ImpossibleDate),
        ("85.07.32-033.28", E::ImpossibleDate),
        ("85.07.30-000.61", E::ImpossibleOrder),
        ("85.07.30-033.29", E::BadChecksum),
    ] {
        assert_eq!(national(input), Err(error), "{input}");
    }
}

#[test]
fn the_29th_of_february_exists_only_in_a_leap_year_of_its_century() {
    let number = |nine: u64, prefix: u64| {
        format!("{nine:09}{:02}", 97 - (prefix * 1_000_000_000 + nine) % 97)
    };
    assert!(
        national(&number(229_001, 2)).is_ok(),
        "2000 was a leap year"
    );
    assert_eq!(
        national(&number(229_001, 0)),
        Err(NationalNumberError::ImpossibleDate),
        "1900 was not"
    );
}

#[test]
fn an_enterprise_number_is_read_with_dots_prefix_or_nine_digits() {
    for (input, shown) in [
        ("0403.019.261", "0403.019.261"),
        ("0207.366.501", "0207.366.501"),
        ("0428759497", "0428.759.497"),
        ("0477.084.107", "0477.084.107"),
        ("1000000021", "1000.000.021"),
        ("1012345646", "1012.345.646"),
        ("403019261", "0403.019.261"),
        ("BE 0403 019 261", "0403.019.261"),
        ("TVA be0403.019.261", "0403.019.261"),
        ("BE-403.019.261", "0403.019.261"),
    ] {
        assert_eq!(
            EnterpriseNumber::parse(input).unwrap().to_string(),
            shown,
            "{input}"
        );
    }
    let number = EnterpriseNumber::parse("403019261").unwrap();
    assert_eq!(number.as_str(), "0403019261");
    assert_eq!(number.vat(), "BE\u{a0}0403.019.261");
}

#[test]
fn what_is_wrong_with_an_enterprise_number_is_said_precisely() {
    use EnterpriseNumberError as E;
    for (input, error) in [
        ("", E::Digits(DigitsError::Empty)),
        ("BE", E::Digits(DigitsError::Empty)),
        ("0403019262", E::BadChecksum),
        ("1012345678", E::BadChecksum),
        ("1000000087", E::BadChecksum),
        ("2000000042", E::BadFirstDigit { found: '2' }),
        ("0000000196", E::FourZeros),
        ("0000000097", E::FourZeros),
        ("040301926", E::Digits(DigitsError::TooShort { missing: 1 })),
        ("403019262", E::BadChecksum),
        ("04030192610", E::Digits(DigitsError::TooLong { extra: 1 })),
        ("FR12345678901", E::ForeignPrefix { prefix: ['F', 'R'] }),
        ("Dupont", E::Digits(DigitsError::NotDigits { found: 'D' })),
    ] {
        assert_eq!(EnterpriseNumber::parse(input), Err(error), "{input}");
    }
}

#[test]
fn an_iban_is_read_with_or_without_spaces() {
    for input in [
        "BE71 0961 2345 6769",
        "BE43 0689 9999 9501",
        "BE62 5100 0754 7061",
        "BE68 5390 0754 7034",
        "be71-0961-2345-6769",
        "IBAN: BE71096123456769",
        "BE43000000000101",
        "FR14 2004 1010 0505 0001 3M02 606",
        "DE89 3704 0044 0532 0130 00",
        "LU28 0019 4006 4475 0000",
        "NL91ABNA0417164300",
    ] {
        assert!(Iban::parse(input).is_ok(), "{input}");
    }
    let iban = Iban::parse("be71 0961 2345 6769").unwrap();
    assert_eq!(iban.as_str(), "BE71096123456769");
    assert_eq!(iban.to_string(), "BE71\u{a0}0961\u{a0}2345\u{a0}6769");
    assert_eq!(iban.country_code(), "BE");
    assert_eq!(format!("{iban:?}"), "Iban(BE71 **** 6769)");
}

#[test]
fn a_belgian_account_is_also_judged_by_its_own_check() {
    // Right for the world (mod 97 = 1), wrong for Belgium: 38 in place of 34.
    let base = "539007547038";
    let world = 98 - format!("{base}111400").parse::<u128>().unwrap() % 97;
    assert_eq!(
        Iban::parse(&format!("BE{world:02}{base}")),
        Err(IbanError::BadChecksum)
    );
}

#[test]
fn what_is_wrong_with_an_iban_is_said_precisely() {
    use IbanError as E;
    for (input, error) in [
        ("", E::Empty),
        ("IBAN", E::Empty),
        ("BE68539007547035", E::BadChecksum),
        ("BE6853900754703", E::TooShort { missing: 1 }),
        ("BE685390075470344", E::TooLong { extra: 1 }),
        ("B", E::NoCountry),
        ("539-0075470-34", E::NoCountry),
        ("BEA8539007547034", E::NoCountry),
        ("BE68 5390 0754 703_", E::NotAllowed { found: '_' }),
        ("BE68 5390 0754 703é", E::NotAllowed { found: 'é' }),
        ("FR1420041010050500013M0260", E::BadChecksum),
        ("FR", E::NoCountry),
    ] {
        assert_eq!(Iban::parse(input), Err(error), "{input}");
    }
    assert_eq!(
        Iban::parse(&"BE".repeat(5000)),
        Err(E::TooLong { extra: 9966 })
    );
}

#[test]
fn a_communication_is_made_from_its_base() {
    for (base, shown) in [
        (1_234_567_890, "+++123/4567/89002+++"),
        (2_026_000_001, "+++202/6000/00192+++"),
        (97, "+++000/0000/09797+++"),
        (1, "+++000/0000/00101+++"),
        (9_999_999_999, "+++999/9999/99948+++"),
    ] {
        let communication = StructuredCommunication::from_base(base).unwrap();
        assert_eq!(communication.to_string(), shown);
        assert_eq!(communication.base(), base);
        assert_eq!(StructuredCommunication::parse(shown), Ok(communication));
    }
    for base in [0, 10_000_000_000, u64::MAX] {
        assert_eq!(
            StructuredCommunication::from_base(base),
            Err(StructuredCommunicationError::BaseOutOfRange)
        );
    }
}

#[test]
fn a_communication_is_read_as_a_bank_or_a_citizen_writes_it() {
    for input in [
        "202600000192",
        "***202/6000/00192***",
        "202/6000/00192",
        " +++ 202/6000/00192 +++ ",
    ] {
        let read = StructuredCommunication::parse(input).unwrap();
        assert_eq!(read.as_str(), "202600000192", "{input}");
    }
    assert_eq!(
        StructuredCommunication::parse("202600000193"),
        Err(StructuredCommunicationError::BadChecksum)
    );
}

#[test]
fn numbers_go_through_json_in_their_normal_shape_and_are_judged_again() {
    let number = national("85.07.30-033.28").unwrap();
    let json = serde_json::to_string(&number).unwrap();
    assert_eq!(json, "\"85073003328\"");
    assert_eq!(
        serde_json::from_str::<NationalNumber>(&json).unwrap(),
        number
    );
    assert!(serde_json::from_str::<NationalNumber>("\"85073003329\"").is_err());
    assert!(serde_json::from_str::<Iban>("\"BE68539007547035\"").is_err());
    assert!(serde_json::from_str::<Iban>("68").is_err());
}

proptest! {
    #[test]
    fn no_national_number_passes_for_both_centuries(nine in 0_u64..1_000_000_000) {
        prop_assert_ne!(97 - nine % 97, 97 - (2_000_000_000 + nine) % 97);
    }

    #[test]
    fn a_typing_error_of_one_digit_in_a_national_number_never_passes_unseen(
        place in 0_usize..11, digit in 0_u8..10
    ) {
        let mut typed = b"85073003328".to_vec();
        prop_assume!(typed[place] != b'0' + digit);
        typed[place] = b'0' + digit;
        let typed = String::from_utf8(typed).unwrap();
        let read = national(&typed);
        // A slip may at worst give the number of a birth in the other century.
        prop_assert!(read.is_err() || read.unwrap().birth_date(today()) != Some(day(1985, 7, 30)));
    }

    #[test]
    fn what_is_shown_is_read_again(base in 1_u64..10_000_000_000) {
        let communication = StructuredCommunication::from_base(base).unwrap();
        prop_assert_eq!(StructuredCommunication::parse(&communication.to_string()), Ok(communication));
    }

    #[test]
    fn an_enterprise_number_shown_is_read_again(base in 10_000_u64..20_000_000) {
        let number = EnterpriseNumber::parse(&format!("{base:08}{:02}", 97 - base % 97)).unwrap();
        prop_assert_eq!(EnterpriseNumber::parse(&number.to_string()), Ok(number.clone()));
        prop_assert_eq!(EnterpriseNumber::parse(&number.vat()), Ok(number));
    }

    #[test]
    fn a_belgian_account_shown_is_read_again(base in 0_u64..10_000_000_000) {
        let check = if base % 97 == 0 { 97 } else { base % 97 };
        let bban = format!("{base:010}{check:02}");
        let world = 98 - format!("{bban}111400").parse::<u128>().unwrap() % 97;
        let iban = Iban::parse(&format!("BE{world:02}{bban}")).unwrap();
        prop_assert_eq!(Iban::parse(&iban.to_string()), Ok(iban));
    }

    #[test]
    fn nothing_typed_brings_the_counter_down(text in "\\PC{0,40}") {
        let _ = national(&text);
        let _ = EnterpriseNumber::parse(&text);
        let _ = Iban::parse(&text);
        let _ = StructuredCommunication::parse(&text);
    }
}
