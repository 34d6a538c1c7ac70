package dev.phasor.job;

import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;

/** An answer on its way into a job's file. */
public final class KeptAnswer implements AnswerSink {

    private final WholeFile file;
    private final Allowance allowance;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private int status = 200;

    KeptAnswer(WholeFile file, Allowance allowance) {
        this.file = file;
        this.allowance = allowance;
    }

    @Override
    public void header(String name, String value) {
        headers.put(name, value);
    }

    @Override
    public OutputStream body() {
        return new StoredStream(file.out(), allowance::take);
    }

    /** {@link #body} for what is kept already and counted, or so short that it need not be. */
    public OutputStream uncounted() {
        return new StoredStream(file.out());
    }

    /** Forgets what was said and written, for another answer of this status. */
    public void restart(int newStatus) throws IOException {
        file.restart();
        headers.clear();
        status = newStatus;
    }

    int status() {
        return status;
    }

    Map<String, String> headers() {
        return headers;
    }
}
