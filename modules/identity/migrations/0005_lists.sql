-- Orders in which staff and users are listed.
CREATE INDEX identity_staff_name ON identity_staff (name, id);
CREATE INDEX identity_users_status ON identity_users (status, id);
