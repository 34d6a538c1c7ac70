package dev.phasor.speed;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A process that is asked to run stages; see torch_stages.py beside benchmarks/run for the protocol. */
final class Contestant implements AutoCloseable {

    /**
     * @param median in ms, as is {@code best}; {@code bytes} allocated by one run, or -1; {@code peak} resident memory
     *     in kB, or -1
     */
    record Turn(double median, double best, long bytes, long peak, String note) {}

    private final Process process;
    private final PrintStream requests;
    private final BufferedReader answers;
    private final String version;

    private Contestant(List<String> command) throws IOException {
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        requests = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        answers = process.inputReader(StandardCharsets.UTF_8);
        Turn turn = run("version", 0);
        if (turn == null) {
            throw new IOException("no version from " + command);
        }
        version = turn.note();
    }

    /** Null where the program is not there. */
    static @Nullable Contestant start(List<String> command) {
        try {
            return new Contestant(command);
        } catch (IOException e) {
            System.err.println("Left out: " + e.getMessage());
            return null;
        }
    }

    String version() {
        return version;
    }

    /** Runs the stage for so long, at least once; null where it is none of the process's. */
    @Nullable
    Turn run(String stage, double seconds) throws IOException {
        requests.println(stage + " " + seconds);
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException(
                    "the process ended: " + process.info().commandLine().orElse(""));
        }
        if (answer.equals("-")) {
            return null;
        }
        String[] fields = answer.split("\t", -1);
        return new Turn(
                Double.parseDouble(fields[0]),
                Double.parseDouble(fields[1]),
                Long.parseLong(fields[2]),
                Long.parseLong(fields[3]),
                fields[4]);
    }

    @Override
    public void close() {
        requests.close();
    }
}
