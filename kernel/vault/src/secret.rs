use std::fmt;

use zeroize::Zeroize;

/// A value that is never printed, logged or serialised, and is wiped from memory when dropped.
///
/// It implements neither `Display` nor `Serialize`; reading it takes a visible [`Secret::expose`].
#[derive(Clone, Default)]
pub struct Secret<T: Zeroize>(T);

impl<T: Zeroize> Secret<T> {
    /// Wraps a value.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself. Don't log, store or format what this returns.
    pub const fn expose(&self) -> &T {
        &self.0
    }
}

impl<T: Zeroize> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

impl<T: Zeroize> Drop for Secret<T> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<T: Zeroize> From<T> for Secret<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_never_prints() {
        #[derive(Debug)]
        struct Holder {
            #[expect(dead_code, reason = "only its Debug text matters")]
            password: Secret<String>,
        }
        let shown = format!("{:?}", Holder { password: Secret::new("hunter2".to_owned()) });
        assert_eq!(shown, "Holder { password: [secret] }");
    }
}
