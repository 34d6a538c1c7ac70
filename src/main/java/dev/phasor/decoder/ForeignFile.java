package dev.phasor.decoder;

/** A sound file in a format that is decoded by ffmpeg. Its bytes are not copied. */
public final class ForeignFile {

    private final byte[] bytes;
    private final ForeignFormat format;

    public ForeignFile(byte[] bytes, ForeignFormat format) {
        this.bytes = bytes;
        this.format = format;
    }

    byte[] bytes() {
        return bytes;
    }

    public ForeignFormat format() {
        return format;
    }
}
