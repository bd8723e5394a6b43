//! Tenant, actor, clock, randomness, database and permissions of one piece of work.
