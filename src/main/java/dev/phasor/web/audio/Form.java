package dev.phasor.web.audio;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.http.MediaType;

/** The formats of bodies, each with the media types that name it. Responses carry the first type. */
enum Form {
    WAV("wav", List.of("RIFF", "RF64", "BW64"), "audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave"),
    FLAC("flac", List.of("fLaC"), "audio/flac", "audio/x-flac"),
    NPY("npy", List.of("\u0093NUMPY"), "application/x-npy", "application/npy"),
    NPZ("npz", List.of("PK"), "application/x-npz", "application/npz"),
    JSON("json", List.of("{"), "application/json");

    private final String extension;
    private final List<String> magics;
    private final List<MediaType> types;

    Form(String extension, List<String> magics, String... types) {
        this.extension = extension;
        this.magics = magics;
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
        return magics.stream().anyMatch(new String(head, StandardCharsets.ISO_8859_1)::startsWith);
    }

    boolean isNamedBy(MediaType range) {
        return types.stream().anyMatch(range::includes);
    }
}
