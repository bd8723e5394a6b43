-- Until when a service is kept that is over or was put away: then it is removed.
ALTER TABLE provisioning_services ADD COLUMN archived_until {I64};
