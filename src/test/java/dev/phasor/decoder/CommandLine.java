package dev.phasor.decoder;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** The same program as people call it, on files with names and with all that it has by itself. */
final class CommandLine {

    private CommandLine() {}

    /** What it writes to its standard output. */
    static byte[] run(Ffmpeg ffmpeg, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(ffmpeg.program().toString(), "-nostdin", "-v", "error"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment()
                .put(
                        "LD_LIBRARY_PATH",
                        requireNonNull(ffmpeg.program().getParent()).toString());
        return builder.start().getInputStream().readAllBytes();
    }

    static float[] floats(byte[] bytes) {
        float[] floats = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
        return floats;
    }
}
