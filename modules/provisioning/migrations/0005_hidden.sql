-- How many things there are of drivers whose vendors show nothing: they cannot be compared, and staff read how many.
CREATE INDEX provisioning_resources_driver ON provisioning_resources (driver, server_id) WHERE state = 'live';
