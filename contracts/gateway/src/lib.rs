//! What we ask of a payment gateway.
