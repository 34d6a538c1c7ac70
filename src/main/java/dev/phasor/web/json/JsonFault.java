package dev.phasor.web.json;

import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import java.io.EOFException;
import java.io.IOException;
import java.util.zip.ZipException;
import tools.jackson.core.JacksonException;

/** Describes the fault of a text that is not JSON. */
public final class JsonFault {

    private JsonFault() {}

    /**
     * The fault in the parser's words, without its hints to programmers about features to enable.
     *
     * @throws IOException if the text cannot be read, for example from a body whose compression is malformed
     */
    public static InvalidInputException of(String what, JacksonException fault) throws IOException {
        Throwable cause = fault.getCause();
        if (cause instanceof ZipException || cause instanceof EOFException) {
            throw (IOException) cause;
        }
        String reason =
                fault.getOriginalMessage().replaceFirst(": enable `.*", "").replaceFirst(", from `[^`]*`", "");
        return new InvalidInputException(Code.MALFORMED_JSON, what + " is not JSON: " + reason, fault);
    }
}
