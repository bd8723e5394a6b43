use crate::whmcs::amount::Hundredths;

/// Something of a fixed size that can lie in a file.
pub(crate) trait Record: Copy + Default {
    /// Bytes it takes.
    const SIZE: usize;

    /// Writes it into exactly [`SIZE`](Self::SIZE) bytes.
    fn put(self, out: &mut [u8]);

    /// Reads what [`put`](Self::put) wrote.
    fn take(bytes: &[u8]) -> Self;
}

macro_rules! numbers {
    ($($number:ty),*) => {
        $(impl Record for $number {
            const SIZE: usize = size_of::<$number>();

            fn put(self, out: &mut [u8]) {
                out.copy_from_slice(&self.to_le_bytes());
            }

            fn take(bytes: &[u8]) -> Self {
                Self::from_le_bytes(bytes.try_into().expect("a record is read from as many bytes as it has"))
            }
        })*
    };
}

numbers!(u8, u32, u64, i64, i128);

/// Only that it is there.
impl Record for () {
    const SIZE: usize = 0;

    fn put(self, _: &mut [u8]) {}

    fn take(_: &[u8]) -> Self {}
}

impl Record for bool {
    const SIZE: usize = 1;

    fn put(self, out: &mut [u8]) {
        out[0] = u8::from(self);
    }

    fn take(bytes: &[u8]) -> Self {
        bytes[0] != 0
    }
}

impl Record for Hundredths {
    const SIZE: usize = i128::SIZE;

    fn put(self, out: &mut [u8]) {
        self.0.put(out);
    }

    fn take(bytes: &[u8]) -> Self {
        Self(i128::take(bytes))
    }
}

/// Declares a struct of records, which is a record itself.
macro_rules! record {
    ($(#[$meta:meta])* $vis:vis struct $name:ident {
        $($(#[$field_meta:meta])* $field_vis:vis $field:ident: $type:ty,)*
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
        $vis struct $name {
            $($(#[$field_meta])* $field_vis $field: $type,)*
        }

        impl $crate::spill::Record for $name {
            const SIZE: usize = 0 $(+ <$type as $crate::spill::Record>::SIZE)*;

            fn put(self, out: &mut [u8]) {
                let rest = out;
                $(let (own, rest) = rest.split_at_mut(<$type as $crate::spill::Record>::SIZE);
                $crate::spill::Record::put(self.$field, own);)*
                debug_assert!(rest.is_empty());
            }

            fn take(bytes: &[u8]) -> Self {
                let rest = bytes;
                $(let ($field, rest) = rest.split_at(<$type as $crate::spill::Record>::SIZE);)*
                debug_assert!(rest.is_empty());
                Self { $($field: $crate::spill::Record::take($field),)* }
            }
        }
    };
}

pub(crate) use record;
