package dev.phasor.web.inference;

import static dev.phasor.signal.InvalidInputException.badParameter;

import tools.jackson.core.JsonToken;

/** The value of a protocol parameter as it was sent: a string, a number or a boolean. */
record Scalar(JsonToken token, String text) {

    /** @param what the parameter's place in the request, for messages */
    boolean flag(String what) {
        if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
            throw badParameter(what, "true or false", text);
        }
        return token == JsonToken.VALUE_TRUE;
    }

    /** @param what the parameter's place in the request, for messages */
    long size(String what) {
        try {
            long size = token == JsonToken.VALUE_NUMBER_INT ? Long.parseLong(text) : -1;
            if (size >= 0) {
                return size;
            }
        } catch (NumberFormatException e) {
            throw badParameter(what, "a number of bytes", text);
        }
        throw badParameter(what, "a number of bytes", text);
    }
}
