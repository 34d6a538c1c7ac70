package dev.phasor.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

class JobDatabaseTest {

    private static final int UPDATES = 1000;

    @TempDir
    private Path folder;

    @Test
    void whatWasReplacedIsGivenBack() throws Exception {
        try (JobDatabase database = JobDatabase.open(JobsStoreTest.settings(folder))) {
            JdbcClient client = database.client();
            client.sql("CREATE TABLE filler (text VARCHAR(30000))").update();
            client.sql("INSERT INTO filler VALUES ('')").update();
            for (int i = 0; i < UPDATES; i++) {
                client.sql("UPDATE filler SET text = :text")
                        .param("text", (i + "-").repeat(4500))
                        .update();
            }
            Path file = folder.resolve("jobs.mv.db");
            long before = Files.size(file);

            database.compact();

            assertThat(before).isGreaterThan(16L << 20);
            assertThat(Files.size(file)).isLessThan(before / 4);
            assertThat(client.sql("SELECT text FROM filler").query(String.class).single())
                    .startsWith(UPDATES - 1 + "-");
        }
    }
}
