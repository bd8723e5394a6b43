//! Check-digit rules. Every function gets digits 0 to 9 and the lengths its caller has already checked.

/// Sum of digit × weight.
pub(crate) fn weighted(digits: &[u32], weights: &[u32]) -> u32 {
    digits.iter().zip(weights).map(|(digit, weight)| digit * weight).sum()
}

/// ISO/IEC 7812-1 (Luhn): doubling every other digit from the right, the sum is a multiple of ten.
pub(crate) fn luhn(digits: &[u32]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| if place % 2 == 1 { digit_sum(digit * 2) } else { *digit })
        .sum();
    sum.is_multiple_of(10)
}

/// Sum of the digits of a number below twenty.
pub(crate) fn digit_sum(number: u32) -> u32 {
    number / 10 + number % 10
}

/// ISO 7064 MOD 11,10 over all digits, the last being the check digit.
pub(crate) fn mod_11_10(digits: &[u32]) -> bool {
    let (body, check) = digits.split_at(digits.len() - 1);
    let product = body.iter().fold(10, |product, digit| {
        let sum = (digit + product) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    (11 - product) % 10 == check[0]
}

/// The digits as one number.
pub(crate) fn number(digits: &[u32]) -> u64 {
    digits.iter().fold(0, |number, digit| number * 10 + u64::from(*digit))
}

/// ISO 7064 MOD 97-10 over letters (A = 10 … Z = 35) and digits: the remainder is one.
pub(crate) fn mod_97_10(text: &str) -> bool {
    let remainder = text.chars().filter_map(|c| c.to_digit(36)).fold(0, |remainder, value| {
        if value > 9 { (remainder * 100 + value) % 97 } else { (remainder * 10 + value) % 97 }
    });
    remainder == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_examples_hold() {
        // ISO 7064 MOD 11,10: 0794 has the check digit 5. Luhn: 7992739871 has 3. MOD 97-10: 794 has 44.
        assert!(mod_11_10(&[0, 7, 9, 4, 5]) && !mod_11_10(&[0, 7, 9, 4, 6]));
        assert!(luhn(&[7, 9, 9, 2, 7, 3, 9, 8, 7, 1, 3]) && !luhn(&[7, 9, 9, 2, 7, 3, 9, 8, 7, 1, 4]));
        assert!(mod_97_10("79444") && !mod_97_10("79445"));
    }
}
