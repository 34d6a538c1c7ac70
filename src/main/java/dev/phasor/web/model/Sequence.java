package dev.phasor.web.model;

import static dev.phasor.signal.InvalidInputException.badParameter;

import dev.phasor.web.model.Scalar.Kind;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a request says of the sequence that it belongs to, as Triton's clients send it.
 *
 * @param id a whole number but 0, or a text; 7 and "7" are two
 * @param start whether it is the first request of the sequence
 * @param end whether it is the last one
 */
public record Sequence(Scalar id, boolean start, boolean end) {

    /** The parameter of a response that is the last one to its request. */
    public static final String FINAL_RESPONSE = "triton_final_response";

    /** The parameter with the id, of requests and of responses. */
    public static final String ID = "sequence_id";

    public static final String START = "sequence_start";
    public static final String END = "sequence_end";

    /** Characters of an id. */
    private static final int LONGEST_ID = 128;

    /**
     * The sequence of a request, or null for a request of its own, whose id is 0, empty or left out.
     *
     * @throws dev.phasor.signal.InvalidInputException {@code BAD_PARAMETER} for a start or an end without an id
     */
    public static @Nullable Sequence of(Map<String, Scalar> parameters) {
        Scalar id = parameters.get(ID);
        boolean start = flag(parameters, START);
        boolean end = flag(parameters, END);
        if (id == null || id.text().isEmpty() || id.equals(new Scalar(Kind.WHOLE, "0"))) {
            if (start || end) {
                throw badParameter("parameters." + ID, "given with " + (start ? START : END) + ", and not 0", sent(id));
            }
            return null;
        }
        if (id.kind() != Kind.WHOLE && id.kind() != Kind.TEXT) {
            throw badParameter("parameters." + ID, "a whole number or a string", id.text());
        }
        if (id.text().length() > LONGEST_ID) {
            throw badParameter(
                    "parameters." + ID,
                    "at most " + LONGEST_ID + " characters",
                    id.text().length() + " of them");
        }
        return new Sequence(id, start, end);
    }

    private static String sent(@Nullable Scalar id) {
        return id == null ? "none" : id.text().isEmpty() ? "\"\"" : id.text();
    }

    private static boolean flag(Map<String, Scalar> parameters, String name) {
        Scalar value = parameters.get(name);
        return value != null && value.flag("parameters." + name);
    }
}
