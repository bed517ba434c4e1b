//! What a Belgian counter reads and writes every day: the national number, the
//! enterprise number, the account, the communication on a transfer, the postal
//! code, the telephone, the amount with its comma, the date in words.
//!
//! Each is a type that exists only when it is right: `parse` reads what a
//! citizen types (spaces, dots, slashes, a pasted prefix) and either gives the
//! value or says precisely what is wrong, so that the form can say how to mend
//! it ([`Mend`]). A value is kept and stored in one normal shape (`as_str`), and
//! shown in the Belgian manner (`Display`).
//!
//! It refuses to know whether the number belongs to anybody: no register is
//! asked here. It also refuses to deduce anything from a national number beyond
//! the date of birth that is written in it.

mod brussels;
mod country;
mod digits;
mod email;
mod enterprise_number;
pub mod french;
mod iban;
mod mend;
mod money;
mod national_number;
mod number;
mod phone;
mod postal_code;
mod structured_communication;
mod value;
mod when;

#[cfg(test)]
mod tests;

pub use brussels::{brussels, brussels_date, from_brussels};
pub use country::{Country, CountryError};
pub use digits::DigitsError;
pub use email::{Email, EmailError};
pub use enterprise_number::{EnterpriseNumber, EnterpriseNumberError};
pub use iban::{Iban, IbanError};
pub use mend::Mend;
pub use money::Cents;
pub use national_number::{NationalNumber, NationalNumberError};
pub use number::{Decimal, NumberError, parse_integer};
pub use phone::{Phone, PhoneError};
pub use postal_code::{PostalCode, PostalCodeError};
pub use structured_communication::{StructuredCommunication, StructuredCommunicationError};
pub use when::{DateError, TimeError, parse_date, parse_time};
