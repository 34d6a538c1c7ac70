-- A key of idempotency is a client's: without keys of access all clients own their jobs alike.
DROP INDEX phasor_job_idempotency;
CREATE UNIQUE INDEX phasor_job_idempotency ON phasor_job (client, idempotency_key);
