package dev.phasor.codec;

/**
 * The format of a WAV file's samples.
 *
 * @param sampleRate in Hz, at least 1
 * @param channels at least 1
 * @param frames samples per channel, or {@link #UNKNOWN_FRAMES}: until the stream ends
 */
public record WavFormat(int sampleRate, int channels, WavCoding coding, long frames) {

    /** The data chunk was written before its length was known, as to a pipe. */
    public static final long UNKNOWN_FRAMES = AudioReader.UNKNOWN_FRAMES;

    int frameBytes() {
        return channels * coding.bytes();
    }
}
