package dev.phasor.job;

import org.springframework.jdbc.core.simple.JdbcClient;

/** What jobs hold: how many have not ended, and the bytes of bodies and answers. */
final class Holdings {

    /**
     * Bytes of a job's row beside its body and answer: the head of its request, which the server bounds, and events.
     */
    private static final int ROW_BYTES = 8192;

    private static final String HELD = "SELECT COALESCE(SUM(CASE WHEN " + JobTable.OPEN + " THEN 1 ELSE 0 END), 0),"
            + " COALESCE(SUM(body_bytes + result_bytes + " + ROW_BYTES + "), 0) FROM phasor_job";

    private final JdbcClient jdbc;

    Holdings(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * What is held by all, or by one client.
     *
     * @param open jobs that have not ended
     */
    record Held(long open, long bytes) {}

    Held ofAll() {
        return jdbc.sql(HELD)
                .query((row, number) -> new Held(row.getLong(1), row.getLong(2)))
                .single();
    }

    Held ofClient(String client) {
        return jdbc.sql(HELD + " WHERE client = :client")
                .param("client", client)
                .query((row, number) -> new Held(row.getLong(1), row.getLong(2)))
                .single();
    }

    /** {@link #ofClient} of the client of a job. */
    Held withJob(String id) {
        return ofClient(jdbc.sql("SELECT client FROM phasor_job WHERE id = :id")
                .param("id", id)
                .query(String.class)
                .single());
    }

    /** Counts the bytes that a job keeps while it runs. */
    void keeps(String id, long bytes) {
        jdbc.sql("UPDATE phasor_job SET result_bytes = :bytes WHERE id = :id")
                .param("bytes", bytes)
                .param("id", id)
                .update();
    }
}
