//! Enums that are stored as words.

/// Declares an enum whose variants are stored as words, with every variant in order, and both directions.
macro_rules! words {
    ($(#[$doc:meta])* pub enum $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($(#[$variant_doc])* $variant),+ }

        impl $name {
            /// Every one, in order.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The stored word.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// Reads a stored word.
            pub fn parse(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}
pub(crate) use words;

/// A stored word as what it names.
pub(crate) fn stored<T>(code: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T, bursar_fault::Fault> {
    parse(code)
        .ok_or_else(|| bursar_fault::Fault::corrupt(format!("{code:?} is not a word this column can hold")))
}
