//! Ids that know what they identify, and the blocks they are taken from.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What an [`Id`] identifies. Implemented next to the entity, never in a central list.
pub trait Entity {
    /// Short and unique in the product (`inv`); shown in logs only.
    const PREFIX: &'static str;
}

/// The id of an `E`: a number that cannot be confused with the number of anything else.
///
/// Made in the process from ascending blocks ([`IdBlock`]); imports keep the ids of the old system. People see
/// numbers from their own sequences, and what must not be guessed is a separate random column.
pub struct Id<E> {
    value: i64,
    // `fn() -> E` and not `E`: an id is Send and Sync whatever the entity is.
    entity: PhantomData<fn() -> E>,
}

impl<E> Id<E> {
    /// The id with this number.
    pub const fn new(value: i64) -> Self {
        Self { value, entity: PhantomData }
    }

    /// The number.
    pub const fn get(self) -> i64 {
        self.value
    }
}

// By hand, because a derive would ask the same of `E`.
impl<E> Clone for Id<E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E> Copy for Id<E> {}

impl<E> PartialEq for Id<E> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<E> Eq for Id<E> {}

impl<E> PartialOrd for Id<E> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<E> Ord for Id<E> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.value.cmp(&other.value)
    }
}

impl<E> Hash for Id<E> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.value.hash(state);
    }
}

impl<E: Entity> fmt::Debug for Id<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", E::PREFIX, self.value)
    }
}

impl<E> fmt::Display for Id<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.value, f)
    }
}

/// The text is not an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an id: {0:?}")]
pub struct ParseIdError(pub String);

impl<E> FromStr for Id<E> {
    type Err = ParseIdError;

    /// Reads digits and nothing else, as they stand in a URL; one spelling per id.
    fn from_str(text: &str) -> Result<Self, ParseIdError> {
        let plain = text == "0" || (!text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit()));
        match text.parse() {
            Ok(value) if plain => Ok(Self::new(value)),
            _ => Err(ParseIdError(text.to_owned())),
        }
    }
}

impl<E> Serialize for Id<E> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.value)
    }
}

impl<'de, E> Deserialize<'de> for Id<E> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        i64::deserialize(deserializer).map(Self::new)
    }
}

/// A run of ids reserved for this process: `next` up to, but not including, `end`.
///
/// Reserving a block is one write; taking from it costs nothing. What is left when the process stops is lost, so
/// ids have gaps and must never be shown as numbers that may not have any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdBlock {
    next: i64,
    end: i64,
}

impl IdBlock {
    /// The ids from `next` up to, but not including, `end`. An `end` at or before `next` is an empty block.
    pub const fn new(next: i64, end: i64) -> Self {
        Self { next, end }
    }

    /// The next id, or `None` when the block is used up.
    pub const fn take(&mut self) -> Option<i64> {
        if self.next >= self.end {
            return None;
        }
        let taken = self.next;
        self.next += 1; // cannot overflow: next < end
        Some(taken)
    }

    /// How many ids can still be taken.
    pub const fn left(&self) -> u64 {
        if self.next >= self.end { 0 } else { self.end.abs_diff(self.next) }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    struct Invoice(#[expect(dead_code, reason = "makes the entity neither Send nor Sync")] *const u8);

    impl Entity for Invoice {
        const PREFIX: &'static str = "inv";
    }

    type InvoiceId = Id<Invoice>;

    #[test]
    fn shows_its_prefix_to_developers_and_its_number_to_people() {
        let id = InvoiceId::new(123);
        assert_eq!(format!("{id:?}"), "inv:123");
        assert_eq!(id.to_string(), "123");
        assert_eq!(format!("{id:>5}"), "  123");
    }

    #[test]
    fn is_send_and_sync_whatever_the_entity_is() {
        fn check<T: Send + Sync + Copy>(_: T) {}
        check(InvoiceId::new(1));
    }

    #[test]
    fn is_a_number_in_json() {
        assert_eq!(serde_json::to_string(&InvoiceId::new(7)).unwrap(), "7");
        assert_eq!(serde_json::from_str::<InvoiceId>("7").unwrap(), InvoiceId::new(7));
        assert!(serde_json::from_str::<InvoiceId>("\"7\"").is_err());
    }

    #[test]
    fn text_has_one_spelling_per_id() {
        for wrong in ["", "-1", "+1", "01", "00", " 1", "1 ", "1.0", "inv:1", "9223372036854775808", "١"] {
            assert_eq!(wrong.parse::<InvoiceId>(), Err(ParseIdError(wrong.to_owned())), "{wrong:?}");
        }
        assert_eq!("9223372036854775807".parse(), Ok(InvoiceId::new(i64::MAX)));
        assert_eq!("0".parse(), Ok(InvoiceId::new(0)));
    }

    #[test]
    fn a_block_gives_each_id_once_and_then_nothing() {
        let mut block = IdBlock::new(100, 103);
        assert_eq!(block.left(), 3);
        assert_eq!([block.take(), block.take(), block.take()], [Some(100), Some(101), Some(102)]);
        assert_eq!((block.take(), block.take(), block.left()), (None, None, 0));
        assert_eq!(IdBlock::new(5, 5).take(), None);
        assert_eq!(IdBlock::new(5, 1).left(), 0);
        assert_eq!(IdBlock::new(i64::MAX - 1, i64::MAX).take(), Some(i64::MAX - 1));
    }

    proptest! {
        #[test]
        fn text_and_back(value in 0i64..) {
            prop_assert_eq!(InvoiceId::new(value).to_string().parse(), Ok(InvoiceId::new(value)));
        }

        #[test]
        fn blocks_that_touch_share_no_id(start in -1000i64..1000, first in 0i64..50, second in 0i64..50) {
            let mut seen = BTreeSet::new();
            for mut block in [IdBlock::new(start, start + first), IdBlock::new(start + first, start + first + second)] {
                while let Some(id) = block.take() {
                    prop_assert!(seen.insert(id));
                }
            }
            prop_assert_eq!(i64::try_from(seen.len()).unwrap(), first + second);
        }
    }
}
