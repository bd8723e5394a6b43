-- While a service moves to another server it has two things: its own, and the one that is coming. When that one runs it is
-- the service's own, and the old one is leaving. What could not be removed is stuck until a person looks.
ALTER TABLE provisioning_resources ADD COLUMN part {TEXT} NOT NULL DEFAULT 'own'
    CHECK (part IN ('own', 'coming', 'leaving', 'stuck'));
DROP INDEX provisioning_resources_service;
CREATE UNIQUE INDEX provisioning_resources_service ON provisioning_resources (service_id)
    WHERE state <> 'gone' AND part = 'own';
CREATE UNIQUE INDEX provisioning_resources_coming ON provisioning_resources (service_id)
    WHERE state <> 'gone' AND part = 'coming';
CREATE INDEX provisioning_resources_others ON provisioning_resources (service_id, id)
    WHERE state <> 'gone' AND part <> 'own';
