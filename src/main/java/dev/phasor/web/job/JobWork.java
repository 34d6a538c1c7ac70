package dev.phasor.web.job;

import dev.phasor.job.Answers;
import dev.phasor.job.Attempt;
import dev.phasor.job.KeptAnswer;
import dev.phasor.job.KeptRequest;
import dev.phasor.job.Work;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import tools.jackson.databind.ObjectMapper;

/** Answers a job: one request, or the files of a batch. */
final class JobWork implements Work {

    private final Answers answers;
    private final ObjectMapper mapper;

    JobWork(Answers answers, ObjectMapper mapper) {
        this.answers = answers;
        this.mapper = mapper;
    }

    @Override
    public void run(Attempt attempt, KeptAnswer answer) throws IOException {
        KeptRequest request = attempt.job().request();
        try {
            if (Batch.isZip(request)) {
                new Batch(answers, mapper, attempt).runZip(answer);
            } else if (FormFiles.isOne(attempt)) {
                new Batch(answers, mapper, attempt).runForm(answer);
            } else {
                answers.answer(request, attempt::body, attempt.bodyBytes(), attempt, answer);
            }
        } catch (Exception e) {
            refuse(Fault.of(e), answer);
        }
    }

    private void refuse(Fault fault, KeptAnswer answer) throws IOException {
        answer.restart(fault.code().status().value());
        answer.header(HttpHeaders.CONTENT_TYPE, MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        mapper.writeValue(answer.uncounted(), fault.problem());
    }
}
