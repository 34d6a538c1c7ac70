package dev.phasor.web.audio;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.util.InvalidMimeTypeException;
import org.springframework.util.MimeTypeUtils;

/** The formats of bodies, each with the media types that name it. Responses carry the first type. */
enum Form {
    WAV("wav", List.of("RIFF", "RF64", "BW64"), "audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave"),
    FLAC("flac", List.of("fLaC"), "audio/flac", "audio/x-flac"),
    NPY("npy", List.of("\u0093NUMPY"), "application/x-npy", "application/npy"),
    NPZ("npz", List.of("PK"), "application/x-npz", "application/npz"),
    JSON("json", List.of("{"), "application/json");

    /** The formats that can hold one sound, the default first. */
    static final List<Form> OF_AUDIO = List.of(WAV, FLAC, NPY, NPZ, JSON);

    /** The formats that can hold one array, the default first. */
    static final List<Form> OF_ARRAY = List.of(NPY, NPZ, JSON);

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

    /**
     * The format that a client likes best: the most specific range that names a format gives its quality (RFC 9110,
     * 12.5.1). Of equal ones the more specific range's is taken, then the earlier range's, then the earlier format.
     *
     * @param possible the default first
     * @param accept the header; all formats are as good where it is missing
     * @return null where none is acceptable
     * @throws InvalidMediaTypeException if the header holds something else, or more than the 50 that Spring sorts
     */
    static @Nullable Form accepted(List<Form> possible, @Nullable String accept) {
        List<MediaType> ranges = new ArrayList<>(MediaType.parseMediaTypes(accept));
        if (ranges.isEmpty()) {
            return possible.get(0);
        }
        try {
            MimeTypeUtils.sortBySpecificity(ranges); // by quality first
        } catch (InvalidMimeTypeException e) {
            throw new InvalidMediaTypeException(MediaType.toString(ranges), e.getMessage());
        }
        @Nullable Form best = null;
        int first = ranges.size();
        for (Form form : possible) {
            int at = form.rangeIn(ranges);
            if (at >= 0 && at < first && ranges.get(at).getQualityValue() > 0) {
                best = form;
                first = at;
            }
        }
        return best;
    }

    /** Where the first of the most specific ranges is that name this format; -1 where none does. */
    private int rangeIn(List<MediaType> ranges) {
        int found = -1;
        for (int i = 0; i < ranges.size(); i++) {
            boolean isBetter = found < 0 || specificity(ranges.get(i)) > specificity(ranges.get(found));
            found = isBetter && isNamedBy(ranges.get(i)) ? i : found;
        }
        return found;
    }

    private static int specificity(MediaType range) {
        return range.isWildcardType() ? 0 : range.isWildcardSubtype() ? 1 : 2;
    }
}
