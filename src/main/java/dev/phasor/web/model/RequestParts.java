package dev.phasor.web.model;

import dev.phasor.codec.CodecLimits;
import dev.phasor.codec.NpyArray;
import dev.phasor.signal.Shape;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parts of an inference request, as either protocol carries them.
 *
 * @param id the client's id of the request; null if it sent none
 */
public record RequestParts(
        @Nullable String id, List<? extends Input> inputs, List<Output> outputs, Map<String, Scalar> parameters) {

    /** Characters of an id, which the answer repeats. */
    public static final int LONGEST_ID = 1024;

    /** An input tensor; its values are read when its shape is known to fit. */
    public interface Input {

        /** Its place in the request, for messages. */
        String place();

        String name();

        Shape shape();

        Map<String, Scalar> parameters();

        /**
         * @param used bytes of earlier inputs, which count against the limits too
         * @throws dev.phasor.signal.InvalidInputException if the values do not fill the shape
         */
        NpyArray read(CodecLimits limits, long used) throws IOException;
    }

    /** A requested output; {@code place} is its place in the request, for messages. */
    public record Output(String place, String name, Map<String, Scalar> parameters) {}
}
