//! What the citizen is told.

use super::today;
use crate::belgium::{
    Cents, Email, EnterpriseNumber, Iban, Mend, NationalNumber, Phone, PostalCode, parse_date,
};

#[test]
fn the_citizen_is_told_how_to_mend_it() {
    let told = |said: String| said.replace('\u{a0}', " ");
    assert_eq!(
        told(
            NationalNumber::parse("85.07.30-033.2", today())
                .unwrap_err()
                .mend()
        ),
        "Il manque 1 chiffre. Un numéro de registre national compte 11 chiffres."
    );
    assert_eq!(
        told(PostalCode::parse("452012").unwrap_err().mend()),
        "Il y a 2 chiffres de trop. Un code postal belge compte 4 chiffres."
    );
    assert_eq!(
        told(EnterpriseNumber::parse("2000000042").unwrap_err().mend()),
        "Un numéro d’entreprise commence par 0 ou 1. Celui-ci ressemble à un numéro d’unité d’établissement."
    );
    assert_eq!(
        told(Iban::parse("BE6853900754703").unwrap_err().mend()),
        "Il manque 1 caractère. Un compte belge s’écrit « BE » suivi de 14 chiffres."
    );
    assert_eq!(
        told(Email::parse("jeanne@exemple").unwrap_err().mend()),
        "Il manque la fin de l’adresse, comme « .be » ou « .com ». Écrivez par exemple nom@exemple.be."
    );
    assert_eq!(
        told(Phone::parse("085 27 35 1O").unwrap_err().mend()),
        "Retirez le caractère « O ». Écrivez par exemple 085 27 35 10, ou +33… pour un numéro étranger."
    );
    assert_eq!(
        told(Cents::parse("15,505").unwrap_err().mend()),
        "Écrivez au plus 2 chiffres après la virgule."
    );
    assert_eq!(
        told(parse_date("31/04/2026").unwrap_err().mend()),
        "Le 31/04/2026 n’existe pas. Vérifiez le jour."
    );
}
