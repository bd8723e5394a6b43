-- The day on which a service is to be made, where it waits for one.
ALTER TABLE provisioning_services ADD COLUMN start_on {DATE};
