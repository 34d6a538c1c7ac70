package dev.phasor.job;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.SQLExceptionOverride;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Set;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.h2.engine.Session;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.support.TransactionTemplate;

/** The database of jobs, opened and of the newest schema: H2 in a file of the folder, or PostgreSQL. */
final class JobDatabase implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(JobDatabase.class);

    private static final String FILE = "jobs";

    /** Milliseconds that a connection is waited for. */
    private static final int WAIT = 5_000;

    /** Connections beside one for each job that runs: db-scheduler's own, and those of requests. */
    private static final int MORE_CONNECTIONS = 8;

    /** Bytes of H2's file that are not worth a compaction. */
    private static final long SMALL_FILE = 16L << 20;

    /** Milliseconds that a compaction may take; the next one goes on. */
    private static final int COMPACTING = 200;

    private final HikariDataSource pool;
    /** H2's file; null where the database is another. */
    private final @Nullable Path file;

    private final DataSource source;
    private final TransactionTemplate transactions;

    private JobDatabase(HikariDataSource pool, @Nullable Path file) {
        this.pool = pool;
        this.file = file;
        source = new TransactionAwareDataSourceProxy(pool);
        transactions = new TransactionTemplate(new DataSourceTransactionManager(pool));
    }

    /** Whether H2's file is there. */
    static boolean exists(Path folder) {
        return Files.exists(fileIn(folder));
    }

    private static Path fileIn(Path folder) {
        return folder.resolve(FILE + ".mv.db");
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
            return new JobDatabase(pool, settings.isEmbedded() ? fileIn(settings.place()) : null);
        } catch (RuntimeException e) {
            pool.close();
            throw e;
        }
    }

    /** H2 writes each commit at once: a killed process loses nothing that it has answered. */
    private static String url(JobSettings settings) {
        return settings.isEmbedded()
                ? "jdbc:h2:file:" + settings.place().toAbsolutePath().resolve(FILE)
                        + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH;WRITE_DELAY=0"
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

    /**
     * Gives back what H2's file holds of rows that have changed or are gone, some 80 KB a job. H2 does so by itself
     * only where it delays its writes.
     */
    void compact() {
        if (file == null) {
            return;
        }
        try {
            if (Files.size(file) <= SMALL_FILE) {
                return;
            }
            try (Connection connection = pool.getConnection()) {
                Session session = connection.unwrap(JdbcConnection.class).getSession();
                ((SessionLocal) session).getDatabase().getStore().compactFile(COMPACTING);
            }
        } catch (IOException | SQLException e) {
            log.warn("the jobs' database {} is not compacted: {}", file, e.toString());
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
