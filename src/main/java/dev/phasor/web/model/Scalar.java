package dev.phasor.web.model;

import static dev.phasor.signal.InvalidInputException.badParameter;

/**
 * The value of a protocol parameter as it was sent.
 *
 * @param text the value as a request of {@code /v1} would write it
 */
public record Scalar(Kind kind, String text) {

    /** What was sent. */
    public enum Kind {
        TEXT,
        WHOLE,
        NUMBER,
        FLAG
    }

    /** @param what the parameter's place in the request, for messages */
    public boolean flag(String what) {
        if (kind != Kind.FLAG) {
            throw badParameter(what, "true or false", text);
        }
        return Boolean.parseBoolean(text);
    }

    /** @param what the parameter's place in the request, for messages */
    public long size(String what) {
        try {
            long size = kind == Kind.WHOLE ? Long.parseLong(text) : -1;
            if (size >= 0) {
                return size;
            }
        } catch (NumberFormatException e) {
            throw badParameter(what, "a number of bytes", text);
        }
        throw badParameter(what, "a number of bytes", text);
    }
}
