//! Transactional outbox: events, subscribers, deliveries, parking.
