package dev.phasor.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobFolderTest {

    private static final String JOB = "d0a92eb5";
    private static final int FILES = 3000;

    @TempDir
    private Path place;

    @Test
    void aFolderIsRemovedWhileItsJobRemovesFilesOfItsOwn() throws Exception {
        JobFolder folder = new JobFolder(place);
        Callable<Void> trim = () -> {
            folder.trim(JOB, 1);
            return null;
        };
        Callable<Void> remove = () -> {
            folder.remove(JOB);
            return null;
        };
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            for (int turn = 0; turn < 5; turn++) {
                fill();
                for (Future<Void> each : threads.invokeAll(List.of(trim, remove))) {
                    each.get();
                }
                assertThat(place.resolve("d0").resolve(JOB)).doesNotExist();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aFolderThatIsNotThereNeedsNoRemoving() throws Exception {
        new JobFolder(place).remove(JOB);
        assertThat(place).isEmptyDirectory();
    }

    private void fill() throws IOException {
        Path job = Files.createDirectories(place.resolve("d0").resolve(JOB));
        for (int i = 0; i < FILES; i++) {
            Files.createFile(job.resolve("kept-out-" + i));
        }
    }
}
