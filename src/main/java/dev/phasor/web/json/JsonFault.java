package dev.phasor.web.json;

import dev.phasor.codec.FirstBytes;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;

/** Describes the fault of a text that is not JSON. */
public final class JsonFault {

    private JsonFault() {}

    /**
     * Refuses a body that is another file.
     *
     * @return the stream from its beginning on
     */
    public static InputStream begin(String what, InputStream in) throws IOException {
        PushbackInputStream body = new PushbackInputStream(in, FirstBytes.COUNT);
        byte[] head = body.readNBytes(FirstBytes.COUNT);
        body.unread(head);
        // Beginnings of JSON, of other text, and a byte order mark are the parser's.
        if (head.length == 0 || head[0] < '\t' && head[0] != (byte) 0xef || head[0] == 'R' || head[0] == 'P') {
            throw new InvalidInputException(
                    Code.MALFORMED_JSON, what + " must be a JSON object, got " + FirstBytes.name(head));
        }
        return body;
    }

    /** What a client calls a token. */
    public static String name(@Nullable JsonToken token) {
        if (token == null) {
            return "nothing";
        }
        return switch (token) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "a list";
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
            case VALUE_TRUE -> "true";
            case VALUE_FALSE -> "false";
            case VALUE_NULL -> "null";
            default -> "nothing";
        };
    }

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
        String reason = fault.getOriginalMessage()
                .replaceFirst(": enable `.*", "")
                .replaceFirst(", from `[^`]*`", "")
                .replaceFirst("Trailing token.*", "more follows after its end")
                .replaceFirst("Unexpected end-of-input.*", "it ends before all its lists and objects do")
                .replaceFirst(" \\(code \\d+\\)", "")
                .replaceFirst("Non-standard token ('.*')", "$1 is no number there");
        return new InvalidInputException(Code.MALFORMED_JSON, what + " is not JSON: " + reason, fault);
    }
}
