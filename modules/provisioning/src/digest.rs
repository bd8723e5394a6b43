//! Numbers made of names, to find many rows at once by: an index of numbers answers a list, and the name itself decides.

/// Of a vendor's name on a server.
pub(crate) fn of_reference(server: i64, reference: &str) -> i64 {
    fnv(&[&server.to_be_bytes(), reference.as_bytes()])
}

/// Of a name of ours.
pub(crate) fn of_tag(tag: &str) -> i64 {
    fnv(&[tag.as_bytes()])
}

/// FNV-1a of 64 bits: short, the same everywhere, and no secret hangs on it.
fn fnv(parts: &[&[u8]]) -> i64 {
    const BASIS: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0100_0000_01b3;
    let bytes = parts.iter().flat_map(|part| part.iter());
    let hash = bytes.fold(BASIS, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(PRIME));
    i64::from_be_bytes(hash.to_be_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_those_of_the_algorithm_s_authors() {
        // The empty text and "a" of the published test vectors: cbf29ce484222325 and af63dc4c8601ec8c.
        assert_eq!(of_tag(""), i64::from_be_bytes(0xcbf2_9ce4_8422_2325_u64.to_be_bytes()));
        assert_eq!(of_tag("a"), i64::from_be_bytes(0xaf63_dc4c_8601_ec8c_u64.to_be_bytes()));
        assert_ne!(of_reference(1, "vm-1"), of_reference(2, "vm-1"));
    }
}
