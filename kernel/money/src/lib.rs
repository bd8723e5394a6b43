//! Money, currencies, rates, rounding and allocation.
