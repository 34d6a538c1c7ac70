package dev.phasor.web.job;

import static dev.phasor.signal.InvalidInputException.badParameter;

import dev.phasor.job.Job;
import dev.phasor.job.Jobs;
import dev.phasor.job.State;
import dev.phasor.web.refusal.ProblemCode;
import dev.phasor.web.refusal.ProblemWriter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Jobs, as their clients see them. A job of another key is not there. */
@RestController
@RequestMapping("/v1/jobs")
class JobsController {

    private static final int MOST_LISTED = 1000;

    private final Jobs jobs;
    private final JobDocuments documents;
    private final EventStreams events;
    private final ProblemWriter problems;

    JobsController(Jobs jobs, JobDocuments documents, EventStreams events, ProblemWriter problems) {
        this.jobs = jobs;
        this.documents = documents;
        this.events = events;
        this.problems = problems;
    }

    /** The newest jobs of the key; none without keys, since anyone could ask. */
    @GetMapping
    void list(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String owner = Owner.of(request);
        List<String> own = Owner.isKnown(owner) ? jobs.of(owner, MOST_LISTED) : List.of();
        // One is held at a time: a list that nobody reads must not hold the requests of a thousand jobs.
        documents.writeAll(own.stream().flatMap(id -> jobs.find(id, owner).stream()), request, response);
    }

    @GetMapping("/{id}")
    void get(@PathVariable String id, HttpServletRequest request, HttpServletResponse response) throws IOException {
        Optional<Job> job = find(id, request, response);
        if (job.isPresent()) {
            documents.write(job.get(), request, response);
        }
    }

    @GetMapping("/{id}/events")
    void events(@PathVariable String id, HttpServletRequest request, HttpServletResponse response) throws IOException {
        Optional<Job> job = find(id, request, response);
        if (job.isPresent()) {
            events.write(job.get(), request, response);
        }
    }

    @GetMapping("/{id}/result")
    void result(@PathVariable String id, HttpServletRequest request, HttpServletResponse response) throws IOException {
        Optional<Job> found = find(id, request, response);
        if (found.isEmpty()) {
            return;
        }
        Job job = found.get();
        Job.Result result = job.result();
        if (result == null) {
            refuse(job, request, response);
            return;
        }
        Optional<InputStream> answer = jobs.result(job, result.bytes());
        if (answer.isEmpty()) {
            unknown(id, request, response);
            return;
        }
        try (InputStream body = answer.get()) {
            response.setStatus(result.status());
            result.headers().forEach(response::setHeader);
            response.setContentLengthLong(result.bytes());
            body.transferTo(response.getOutputStream());
        }
    }

    private void refuse(Job job, HttpServletRequest request, HttpServletResponse response) throws IOException {
        String id = job.id();
        if (!job.state().isEnd()) {
            response.setHeader(HttpHeaders.RETRY_AFTER, "1");
            problems.write(
                    request,
                    response,
                    ProblemCode.NOT_FINISHED,
                    "job " + id + " must have ended before it has a result, and is "
                            + job.state().wireName() + ": watch " + JobDocuments.path(request, id) + "/events");
        } else if (job.state() == State.CANCELLED) {
            problems.write(
                    request,
                    response,
                    ProblemCode.CANCELLED,
                    "job " + id + " was cancelled before there was anything to answer");
        } else {
            problems.write(
                    request,
                    response,
                    ProblemCode.INTERNAL,
                    "job " + id + " was begun " + job.standing().attempt()
                            + " times, and no attempt came to an end; the service's log says more");
        }
    }

    /**
     * Cancels a job; what it has reached becomes its result.
     *
     * @param forget whether an ended job and its result are removed
     */
    @DeleteMapping("/{id}")
    void delete(
            @PathVariable String id,
            @RequestParam(defaultValue = "false") String forget,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        if (!forget.equals("true") && !forget.equals("false")) {
            throw badParameter("forget", "true or false", forget);
        }
        Optional<Job> job = find(id, request, response);
        if (job.isEmpty()) {
            return;
        }
        if (job.get().state().isEnd() && forget.equals("true")) {
            jobs.forget(job.get());
            response.setStatus(HttpStatus.NO_CONTENT.value());
            return;
        }
        if (!job.get().state().isEnd()) {
            jobs.cancel(job.get());
            response.setStatus(HttpStatus.ACCEPTED.value());
        }
        documents.write(jobs.find(id, Owner.of(request)).orElse(job.get()), request, response);
    }

    private Optional<Job> find(String id, HttpServletRequest request, HttpServletResponse response) throws IOException {
        Optional<Job> job = jobs.find(id, Owner.of(request));
        if (job.isEmpty()) {
            unknown(id, request, response);
        }
        return job;
    }

    private void unknown(String id, HttpServletRequest request, HttpServletResponse response) throws IOException {
        problems.write(
                request,
                response,
                ProblemCode.NOT_FOUND,
                "there is no job " + id
                        + " of this key: if there was one, it was forgotten, or kept for no longer (phasor.jobs.days)");
    }
}
