package dev.phasor.signal;

/** Input that violates a rule. The message names the field, the rule and the value, and may be shown to the sender. */
public final class InvalidInputException extends RuntimeException {

    /** The kinds of errors, with stable names that clients see. */
    public enum Code {
        BAD_PARAMETER,
        MALFORMED_WAV,
        MALFORMED_FLAC,
        MALFORMED_AUDIO,
        MALFORMED_NPY,
        MALFORMED_NPZ,
        MALFORMED_JSON,
        TOO_LARGE,
        NON_FINITE_INPUT,
        NEGATIVE_MAGNITUDE,
        NOLA,
        SHAPE_MISMATCH,
        ANOMALY
    }

    private static final long serialVersionUID = 1L;

    private static final int MAX_QUOTED = 100;

    private final Code code;

    public InvalidInputException(Code code, String message) {
        super(message);
        this.code = code;
    }

    public InvalidInputException(Code code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    public Code code() {
        return code;
    }

    /**
     * A parameter outside its range, such as {@code hop_length must be in 1..1024, got 0}. A long name or value is
     * shortened.
     */
    public static InvalidInputException badParameter(String name, String rule, Object value) {
        return new InvalidInputException(
                Code.BAD_PARAMETER, quoted(name) + " must be " + rule + ", got " + quoted(value));
    }

    /** A sent value for use in a message, shortened if it is long. */
    public static String quoted(Object value) {
        String text = String.valueOf(value);
        return text.length() > MAX_QUOTED ? text.substring(0, MAX_QUOTED) + "..." : text;
    }
}
