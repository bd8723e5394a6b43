//! Job queue in the tenant's database: leases, back-off, dead letters, schedules.
