package dev.phasor.codec;

import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;

/** Errors about bytes that violate their format. */
final class Malformed {

    private static final int MAX_QUOTED = 40;

    private Malformed() {}

    static InvalidInputException wav(String rule) {
        return new InvalidInputException(Code.MALFORMED_WAV, "WAV: " + rule);
    }

    static InvalidInputException flac(String rule) {
        return new InvalidInputException(Code.MALFORMED_FLAC, "FLAC: " + rule);
    }

    static InvalidInputException npy(String rule) {
        return new InvalidInputException(Code.MALFORMED_NPY, "NPY: " + rule);
    }

    static InvalidInputException npz(String rule) {
        return new InvalidInputException(Code.MALFORMED_NPZ, "NPZ: " + rule);
    }

    /** The sender's text for messages: shortened, and printable ASCII only. */
    static String quoted(String text) {
        String shown = text.length() > MAX_QUOTED ? text.substring(0, MAX_QUOTED) + "..." : text;
        return '"' + shown.replaceAll("[^ -~]", "?") + '"';
    }
}
