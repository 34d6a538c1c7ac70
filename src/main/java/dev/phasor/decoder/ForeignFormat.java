package dev.phasor.decoder;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** The formats that ffmpeg decodes for this service, each with the media types that name it. */
public enum ForeignFormat {
    MP3("mp3", "ID3|\u00ff[\u00e2\u00e3\u00f2\u00f3\u00fa\u00fb]", "audio/mpeg", "audio/mp3", "audio/x-mp3"),
    OGG("ogg", "OggS", "audio/ogg", "audio/opus", "audio/vorbis", "application/ogg"),
    AAC("aac", "\u00ff[\u00f0\u00f1\u00f8\u00f9]", "audio/aac", "audio/aacp", "audio/x-aac"),
    MP4("mov", "....ftyp", "audio/mp4", "audio/x-m4a", "audio/m4a"),
    AIFF("aiff", "FORM....AIF[FC]", "audio/aiff", "audio/x-aiff"),
    WEBM("matroska", "\\x1aE\u00df\u00a3", "audio/webm");

    private final String demuxer;
    private final Pattern magic;
    private final List<String> types;

    ForeignFormat(String demuxer, String magic, String... types) {
        this.demuxer = demuxer;
        this.magic = Pattern.compile(magic, Pattern.DOTALL);
        this.types = List.of(types);
    }

    /** The format of a body by its first bytes, as many as {@link dev.phasor.codec.FirstBytes#COUNT}. */
    public static Optional<ForeignFormat> ofFirstBytes(byte[] head) {
        String text = new String(head, StandardCharsets.ISO_8859_1);
        return Arrays.stream(values())
                .filter(format -> format.magic.matcher(text).lookingAt())
                .findFirst();
    }

    /** The format that a media type without parameters names. */
    public static Optional<ForeignFormat> ofType(String type) {
        return Arrays.stream(values())
                .filter(format -> format.types.contains(type.toLowerCase(Locale.ROOT)))
                .findFirst();
    }

    /** The media types that name it. */
    public List<String> types() {
        return types;
    }

    /** As reports name it. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** ffmpeg's name of what reads its container. */
    String demuxer() {
        return demuxer;
    }
}
