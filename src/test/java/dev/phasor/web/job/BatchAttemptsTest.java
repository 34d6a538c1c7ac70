package dev.phasor.web.job;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.phasor.compute.BusyException;
import dev.phasor.job.AnswerSink;
import dev.phasor.job.Answers;
import dev.phasor.job.Attempt;
import dev.phasor.job.Job;
import dev.phasor.job.JobSettings;
import dev.phasor.job.Jobs;
import dev.phasor.job.KeptRequest;
import dev.phasor.job.State;
import dev.phasor.reconstruction.Keeping.Mark;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Batches whose attempts end before they do, and whose answers are told by the test. */
class BatchAttemptsTest {

    private final ObjectMapper mapper = new ObjectMapper();

    @TempDir
    Path folder;

    /** Its second file has kept the state of its iterations in the attempt before. */
    @Test
    void cancelledBetweenTwoAttemptsItAnswersWhatItsFileHasReached() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        Answers answers = new Answers() {
            @Override
            public void checkType(@Nullable String contentType) {}

            @Override
            public void answer(KeptRequest request, Body body, long bytes, Attempt attempt, AnswerSink out)
                    throws IOException {
                int number = asked.incrementAndGet();
                if (number == 2) {
                    attempt.keeping(0).keep(new Mark("descent", 1, 0), new float[1]);
                    throw new BusyException("no memory");
                }
                while (number == 3 && !attempt.isCancelled()) {
                    attempt.gone();
                }
                attempt.gone();
                out.body().write(number);
            }
        };
        JobSettings settings = new Binder(new MapConfigurationPropertySource(Map.of("phasor.jobs.folder", folder)))
                .bindOrCreate("phasor.jobs", JobSettings.class);
        try (Jobs jobs = new Jobs(settings, new JobWork(answers, mapper), (job, state) -> {})) {
            KeptRequest request = new KeptRequest("stft", "", "application/zip", null, null);
            Job job = jobs.submit(new Jobs.Sent("-", "-", null, request, zip("a.wav", "b.wav", "c.wav")));
            await().until(() -> asked.get() == 2 && find(jobs, job).state() == State.QUEUED);
            jobs.cancel(job);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> find(jobs, job).state().isEnd());

            Job ended = find(jobs, job);
            assertThat(ended.state()).isEqualTo(State.CANCELLED);
            assertThat(statuses(jobs, ended)).containsExactly(200, 200, 410);
        }
    }

    private static Job find(Jobs jobs, Job job) {
        return jobs.find(job.id(), "-").orElseThrow();
    }

    private List<Integer> statuses(Jobs jobs, Job ended) throws IOException {
        try (var zip = new ZipInputStream(
                jobs.result(ended, requireNonNull(ended.result()).bytes()).orElseThrow())) {
            zip.getNextEntry();
            return mapper.readTree(zip.readAllBytes())
                    .get("files")
                    .valueStream()
                    .map((JsonNode line) -> line.get("status").asInt())
                    .toList();
        }
    }

    private static InputStream zip(String... names) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            for (String name : names) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write(1);
            }
        }
        return new ByteArrayInputStream(bytes.toByteArray());
    }
}
