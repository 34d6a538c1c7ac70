package dev.phasor.job;

import java.io.OutputStream;

/** Where an answer's headers and body go. */
public interface AnswerSink {

    void header(String name, String value);

    OutputStream body();
}
