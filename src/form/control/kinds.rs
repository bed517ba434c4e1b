//! What each type of question looks like: the partial that draws it, its width, its keyboard.

use crate::definition::field::ShownAs;
use crate::definition::{Field, FieldType};
use crate::form::asked::Asked;

/// More options than this are a list, not buttons.
const MOST_RADIOS: usize = 7;

/// The partial that draws a question.
pub(super) fn drawn(asked: &Asked<'_>) -> &'static str {
    match (asked.field.field_type(), asked.field.shown_as) {
        (FieldType::Choice, Some(ShownAs::Autocomplete)) => "autocomplete",
        (FieldType::Choice, Some(ShownAs::List)) => "select",
        (FieldType::Choice, None) if asked.field.options.len() > MOST_RADIOS => "select",
        (kind, _) => simple(kind),
    }
}

pub(super) fn simple(kind: FieldType) -> &'static str {
    match kind {
        FieldType::Text => "text",
        FieldType::LongText => "textarea",
        FieldType::Integer => "integer",
        FieldType::Decimal => "decimal",
        FieldType::Money => "money",
        FieldType::Email => "email",
        FieldType::Phone => "tel",
        FieldType::Url => "url",
        FieldType::Date => "date",
        FieldType::Time => "time",
        FieldType::DateTime => "datetime",
        FieldType::Period => "period",
        FieldType::YesNo => "yes_no",
        FieldType::Choice => "radio",
        FieldType::Choices => "checkboxes",
        FieldType::Files => "files",
        FieldType::Address => "address",
        FieldType::Person => "person",
        FieldType::NationalNumber => "national_number",
        FieldType::EnterpriseNumber => "enterprise_number",
        FieldType::Iban => "iban",
        FieldType::PostalCode => "postal_code",
        FieldType::Country => "country",
        FieldType::Declaration => "declaration",
        FieldType::Notice => "notice",
        FieldType::Computed => "computed",
        FieldType::Group => "group",
    }
}

pub(super) fn width(kind: FieldType) -> &'static str {
    match kind {
        FieldType::Integer
        | FieldType::Decimal
        | FieldType::Money
        | FieldType::Date
        | FieldType::Time
        | FieldType::PostalCode => "short",
        FieldType::Email
        | FieldType::Phone
        | FieldType::NationalNumber
        | FieldType::EnterpriseNumber
        | FieldType::Iban
        | FieldType::Country => "medium",
        _ => "full",
    }
}

pub(super) fn inputmode(kind: FieldType) -> Option<&'static str> {
    match kind {
        FieldType::Integer
        | FieldType::NationalNumber
        | FieldType::EnterpriseNumber
        | FieldType::PostalCode => Some("numeric"),
        FieldType::Decimal | FieldType::Money => Some("decimal"),
        FieldType::Email => Some("email"),
        FieldType::Phone => Some("tel"),
        FieldType::Url => Some("url"),
        _ => None,
    }
}

/// What the browser calls a part.
pub(super) fn token(part: &str) -> Option<&'static str> {
    Some(match part {
        "last_name" => "family-name",
        "first_name" => "given-name",
        "birth_date" => "bday",
        "street" => "address-line1",
        "postal_code" => "postal-code",
        "locality" => "address-level2",
        "country" => "country",
        _ => return None,
    })
}

/// The `accept` of the input: media types, and endings for those browsers do not know.
pub(super) fn accept(field: &Field) -> String {
    let all: Vec<&str> = field
        .accept
        .iter()
        .map(|kind| match kind.as_str() {
            "pdf" => "application/pdf,.pdf",
            "jpeg" => "image/jpeg,.jpg,.jpeg",
            "png" => "image/png,.png",
            "webp" => "image/webp,.webp",
            "heic" => "image/heic,image/heif,.heic,.heif",
            "odt" => "application/vnd.oasis.opendocument.text,.odt",
            "docx" => {
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document,.docx"
            }
            _ => "",
        })
        .filter(|accepted| !accepted.is_empty())
        .collect();
    all.join(",")
}
