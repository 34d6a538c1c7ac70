package dev.phasor.web.audio;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.springframework.http.MediaType;

/** The formats of bodies, each with the media types that name it. Responses carry the first type. */
enum Form {
    WAV("wav", "RIFF", "audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave"),
    FLAC("flac", "fLaC", "audio/flac", "audio/x-flac"),
    NPY("npy", "\u0093NUMPY", "application/x-npy", "application/npy"),
    NPZ("npz", "PK", "application/x-npz", "application/npz"),
    JSON("json", "{", "application/json");

    private final String extension;
    private final byte[] magic;
    private final List<MediaType> types;

    Form(String extension, String magic, String... types) {
        this.extension = extension;
        this.magic = magic.getBytes(StandardCharsets.ISO_8859_1);
        this.types = MediaType.parseMediaTypes(List.of(types));
    }

    /** The file extension, which is also the value of {@code response_format}. */
    String extension() {
        return extension;
    }

    boolean isSoundFile() {
        return this == WAV || this == FLAC;
    }

    MediaType type() {
        return types.get(0);
    }

    /** Whether a body whose first bytes are {@code head} has this format. */
    boolean begins(byte[] head) {
        return head.length >= magic.length && Arrays.equals(magic, 0, magic.length, head, 0, magic.length);
    }

    boolean isNamedBy(MediaType range) {
        return types.stream().anyMatch(range::includes);
    }
}
