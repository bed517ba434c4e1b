//! What every value kept as text has in common: its normal shape, and its
//! passage through JSON in that shape. A value read back is judged again, so a
//! store that was tampered with gives no impossible number.

/// Gives a newtype over `String` its `as_str`, `FromStr`, and serde in its
/// normal shape. `$parse` judges what is read.
macro_rules! kept_as_text {
    ($type:ident, $error:ty, $parse:expr) => {
        impl $type {
            /// The normal shape: what is stored, compared and searched.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::str::FromStr for $type {
            type Err = $error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $parse(text)
            }
        }

        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                $parse(&text).map_err(serde::de::Error::custom)
            }
        }
    };
}

/// Keeps personal values out of logs: `{:?}` shows only what `$masked` gives.
macro_rules! masked_in_logs {
    ($type:ident, $masked:expr) => {
        impl std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({})", stringify!($type), $masked(self))
            }
        }
    };
}

pub(super) use {kept_as_text, masked_in_logs};
