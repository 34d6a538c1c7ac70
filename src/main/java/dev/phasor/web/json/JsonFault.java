package dev.phasor.web.json;

import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import java.io.EOFException;
import java.io.IOException;
import java.util.zip.ZipException;
import tools.jackson.core.JacksonException;

/** What is wrong with a text that is not JSON. */
public final class JsonFault {

    private JsonFault() {}

    /**
     * Says it in the parser's words, less those for who programs it: what to enable.
     *
     * @throws IOException where the text cannot be read at all, as from a body that is not compressed as it says
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
