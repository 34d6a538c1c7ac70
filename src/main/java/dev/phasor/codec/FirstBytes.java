package dev.phasor.codec;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** What a body is by its first bytes, in words: many are sent under another name. */
public final class FirstBytes {

    /** As many as tell. */
    public static final int COUNT = 12;

    /** By a pattern of the bytes as ISO 8859-1. */
    private static final Map<Pattern, String> KINDS = new LinkedHashMap<>();

    static {
        kind("(RIFF|RF64|BW64)....WAVE", "a WAV file");
        kind("fLaC", "a FLAC file");
        kind("\u0093NUMPY", "an NPY file");
        kind("PK\\x03\\x04", "a ZIP file (NPZ, or of torch.save)");
        kind("ID3|\u00ff[\u00e2\u00e3\u00f2\u00f3\u00fa\u00fb]", "an MP3 file, audio/mpeg");
        kind("\u00ff[\u00f0\u00f1\u00f8\u00f9]", "an AAC file, audio/aac");
        kind("OggS", "an Ogg file, audio/ogg");
        kind("....ftyp", "an MPEG-4 file, audio/mp4");
        kind("FORM....AIF[FC]", "an AIFF file, audio/aiff");
        kind("\\x1aE\u00df\u00a3", "a WebM or Matroska file, audio/webm");
        kind("\\x80[\\x02-\\x05]", "a pickle, which is not read; send numpy.save's file");
        kind("\\x1f\u008b", "gzip, which Content-Encoding must say");
        kind("\u0089HDF", "an HDF5 file, which is not read; send numpy.save's file");
        kind("MATLAB", "a MATLAB file, which is not read; send numpy.save's file");
        kind("\u0089PNG|GIF8|\u00ff\u00d8\u00ff", "a picture");
        kind("version http", "a pointer of Git LFS, not the file itself (git lfs pull)");
        kind("\\s*<", "HTML or XML");
        kind("--", "a form, whose Content-Type must be multipart/form-data with its boundary");
        kind("\\s*[{\\[]", "JSON");
        kind("[ -~\\s]+$", "text");
    }

    private static final String UNKNOWN = "bytes of no known format";

    private FirstBytes() {}

    private static void kind(String pattern, String name) {
        KINDS.put(Pattern.compile(pattern, Pattern.DOTALL), name);
    }

    /** Whether they tell nothing. */
    public static boolean areUnknown(byte[] head) {
        return name(head).equals(UNKNOWN);
    }

    /** @param head at least {@link #COUNT} bytes, or all there are */
    public static String name(byte[] head) {
        if (head.length == 0) {
            return "nothing: the body is empty (with curl: --data-binary @FILE)";
        }
        String text = new String(head, StandardCharsets.ISO_8859_1);
        return KINDS.entrySet().stream()
                .filter(kind -> kind.getKey().matcher(text).lookingAt())
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(UNKNOWN);
    }
}
