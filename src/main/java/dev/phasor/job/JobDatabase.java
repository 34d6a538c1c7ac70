package dev.phasor.job;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.SQLExceptionOverride;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.support.TransactionTemplate;

/** The database of jobs, opened and of the newest schema: H2 in a file of the folder, or PostgreSQL. */
final class JobDatabase implements AutoCloseable {

    private static final String FILE = "jobs";

    /** Milliseconds that a connection is waited for. */
    private static final int WAIT = 5_000;

    /** Connections beside one for each job that runs: db-scheduler's own, and those of requests. */
    private static final int MORE_CONNECTIONS = 8;

    private static final Duration RETENTION = Duration.ofSeconds(5);

    private final HikariDataSource pool;
    private final DataSource source;
    private final TransactionTemplate transactions;

    private JobDatabase(HikariDataSource pool) {
        this.pool = pool;
        source = new TransactionAwareDataSourceProxy(pool);
        transactions = new TransactionTemplate(new DataSourceTransactionManager(pool));
    }

    /** Whether H2's file is there. */
    static boolean exists(Path folder) {
        return Files.exists(folder.resolve(FILE + ".mv.db"));
    }

    /**
     * @throws IOException if the folder cannot be made
     * @throws RuntimeException if the database does not answer
     */
    static JobDatabase open(JobSettings settings) throws IOException {
        Files.createDirectories(settings.place());
        HikariConfig config = new HikariConfig();
        config.setPoolName("jobs");
        config.setJdbcUrl(url(settings));
        config.setUsername(settings.databaseUser());
        config.setPassword(settings.databasePassword());
        config.setMaximumPoolSize(settings.parallel() + MORE_CONNECTIONS);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(WAIT);
        config.setValidationTimeout(WAIT);
        if (settings.isEmbedded()) {
            config.setExceptionOverride(new ClosedFile());
        }
        HikariDataSource pool = new HikariDataSource(config);
        try {
            Flyway.configure(JobDatabase.class.getClassLoader())
                    .dataSource(pool)
                    .locations("classpath:db/jobs")
                    .table("phasor_schema")
                    .baselineOnMigrate(true)
                    .baselineVersion("0")
                    .load()
                    .migrate();
            return new JobDatabase(pool);
        } catch (RuntimeException e) {
            pool.close();
            throw e;
        }
    }

    /**
     * H2 writes each commit at once: a killed process loses nothing that it has answered. What a later commit has
     * replaced is overwritten after {@link #RETENTION} instead of 45 s: the file grows by a third of what it did.
     */
    private static String url(JobSettings settings) {
        return settings.isEmbedded()
                ? "jdbc:h2:file:" + settings.place().toAbsolutePath().resolve(FILE)
                        + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH;WRITE_DELAY=0"
                        + ";RETENTION_TIME=" + RETENTION.toMillis()
                        + ";DB_CLOSE_ON_EXIT=FALSE"
                : Objects.requireNonNull(settings.databaseUrl());
    }

    /**
     * H2 closes its file when a write fails, as on a full disk, and does not open it again for the connections that it
     * had: they leave the pool, and a new one opens it.
     */
    private static final class ClosedFile implements SQLExceptionOverride {

        /** Of org.h2.api.ErrorCode: GENERAL_ERROR, OBJECT_CLOSED, IO_EXCEPTION, DATABASE_IS_CLOSED, at shutdown. */
        private static final Set<Integer> CODES = Set.of(50000, 90007, 90028, 90031, 90098, 90121);

        @java.lang.Override
        public Override adjudicate(SQLException e) {
            return CODES.contains(e.getErrorCode()) ? Override.MUST_EVICT : Override.CONTINUE_EVICT;
        }
    }

    DataSource source() {
        return source;
    }

    JdbcClient client() {
        return JdbcClient.create(pool);
    }

    TransactionTemplate transactions() {
        return transactions;
    }

    @Override
    public void close() {
        pool.close();
    }
}
