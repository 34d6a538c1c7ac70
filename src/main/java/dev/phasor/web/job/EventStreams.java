package dev.phasor.web.job;

import static dev.phasor.signal.InvalidInputException.badParameter;

import dev.phasor.compute.BusyException;
import dev.phasor.compute.Shares;
import dev.phasor.job.Job;
import dev.phasor.job.Jobs;
import dev.phasor.web.connection.Client;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

/**
 * A job's events as server-sent events. Each has the number that the database gave it, so that a client which comes
 * back with the last one, at whichever replica, gets all that followed. A watcher holds its connection's thread.
 */
final class EventStreams {

    private static final String LAST = "Last-Event-ID";
    private static final int AT_ONCE = 500;
    private static final long LOOK_MILLIS = 300;

    /** After so many looks without an event a comment is sent: proxies close a connection that is silent. */
    private static final int SILENT = 50;

    private final Jobs jobs;
    private final JobDocuments documents;
    private final Shares clients = new Shares();
    private final int most;

    EventStreams(Jobs jobs, JobDocuments documents, int most) {
        this.jobs = jobs;
        this.documents = documents;
        this.most = most;
    }

    void write(Job job, HttpServletRequest request, HttpServletResponse response) throws IOException {
        long last = last(request);
        Job.Events first = jobs.eventsAfter(job, last, AT_ONCE);
        if (first.events().isEmpty() && first.ended()) {
            response.setStatus(HttpStatus.NO_CONTENT.value()); // an EventSource does not come back then
            return;
        }
        String client = Client.nameOf(request);
        if (!clients.take(client, 1, Math.max(1, most / 2), most)) {
            throw new BusyException("at most " + most + " connections may watch events, and one client's half of those"
                    + " that others leave (phasor.jobs.watchers)");
        }
        try {
            response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
            response.setCharacterEncoding(StandardCharsets.UTF_8);
            response.setHeader("Cache-Control", "no-store");
            response.setHeader("X-Accel-Buffering", "no");
            watch(job, first, last, Client.of(request), response.getOutputStream());
        } finally {
            clients.give(client, 1);
        }
    }

    private static long last(HttpServletRequest request) {
        String sent = request.getHeader(LAST);
        if (sent == null || sent.isBlank()) {
            return 0;
        }
        try {
            return Long.parseLong(sent.strip());
        } catch (NumberFormatException e) {
            throw badParameter(LAST, "the id of an event", sent);
        }
    }

    private void watch(Job job, Job.Events first, long from, Client client, OutputStream out) throws IOException {
        Job.Events now = first;
        long last = from;
        int silent = 0;
        say(out, "retry: 1000\n\n");
        while (true) {
            for (Job.Event event : now.events()) {
                String name = event.standing().state().isEnd() ? "ended" : "progress";
                say(
                        out,
                        "id: " + event.number() + "\nevent: " + name + "\ndata: " + documents.of(job.id(), event)
                                + "\n\n");
                last = event.number();
            }
            silent = now.events().isEmpty() ? silent + 1 : 0;
            if (silent == SILENT) {
                say(out, ": still here\n\n");
                silent = 0;
            }
            out.flush();
            if (now.ended() || jobs.isStopping() || client.hasLeft()) {
                return;
            }
            try {
                Thread.sleep(LOOK_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            try {
                now = jobs.eventsAfter(job, last, AT_ONCE);
            } catch (BusyException e) {
                return; // the database is away: the client comes back with its last event
            }
        }
    }

    private static void say(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
