package dev.phasor.job;

import java.io.IOException;
import java.io.OutputStream;

/** Writes a file's content. */
@FunctionalInterface
public interface IoWriter {

    void write(OutputStream out) throws IOException;
}
