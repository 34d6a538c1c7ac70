-- Times are milliseconds since 1970. A job's files stand in the folder under its id.
CREATE TABLE phasor_job (
    id VARCHAR(36) PRIMARY KEY,
    owner VARCHAR(120) NOT NULL,
    client VARCHAR(120) NOT NULL,
    idempotency_key VARCHAR(255),
    request_digest VARCHAR(64) NOT NULL,
    endpoint VARCHAR(64) NOT NULL,
    query TEXT NOT NULL,
    content_type VARCHAR(1024),
    content_encoding VARCHAR(255),
    accept VARCHAR(4096),
    body_bytes BIGINT NOT NULL,
    state VARCHAR(16) NOT NULL,
    attempt INT NOT NULL,
    excused INT NOT NULL,
    cancel_asked BOOLEAN NOT NULL,
    stage VARCHAR(32) NOT NULL,
    iterations INT NOT NULL,
    iterations_to_do INT NOT NULL,
    part_done DOUBLE PRECISION NOT NULL,
    spectral_convergence_db DOUBLE PRECISION,
    seconds_left DOUBLE PRECISION,
    created BIGINT NOT NULL,
    started BIGINT,
    ended BIGINT,
    result_status INT,
    result_headers TEXT,
    result_bytes BIGINT NOT NULL,
    events BIGINT NOT NULL
);
CREATE UNIQUE INDEX phasor_job_idempotency ON phasor_job (owner, idempotency_key);
CREATE INDEX phasor_job_client ON phasor_job (client, state);
CREATE INDEX phasor_job_state ON phasor_job (state, ended);

CREATE TABLE phasor_job_event (
    job VARCHAR(36) NOT NULL REFERENCES phasor_job (id) ON DELETE CASCADE,
    sequence BIGINT NOT NULL,
    at BIGINT NOT NULL,
    state VARCHAR(16) NOT NULL,
    attempt INT NOT NULL,
    stage VARCHAR(32) NOT NULL,
    iterations INT NOT NULL,
    iterations_to_do INT NOT NULL,
    part_done DOUBLE PRECISION NOT NULL,
    spectral_convergence_db DOUBLE PRECISION,
    seconds_left DOUBLE PRECISION,
    PRIMARY KEY (job, sequence)
);

-- The table of db-scheduler 16, as its documentation has it.
CREATE TABLE phasor_scheduled (
    task_name VARCHAR(100) NOT NULL,
    task_instance VARCHAR(100) NOT NULL,
    task_data BYTEA,
    execution_time TIMESTAMP WITH TIME ZONE NOT NULL,
    picked BOOLEAN NOT NULL,
    picked_by VARCHAR(100),
    last_success TIMESTAMP WITH TIME ZONE,
    last_failure TIMESTAMP WITH TIME ZONE,
    consecutive_failures INT,
    last_heartbeat TIMESTAMP WITH TIME ZONE,
    version BIGINT NOT NULL,
    priority SMALLINT,
    PRIMARY KEY (task_name, task_instance)
);
CREATE INDEX phasor_scheduled_time ON phasor_scheduled (execution_time);
CREATE INDEX phasor_scheduled_heartbeat ON phasor_scheduled (last_heartbeat);
CREATE INDEX phasor_scheduled_priority ON phasor_scheduled (priority DESC, execution_time ASC);
