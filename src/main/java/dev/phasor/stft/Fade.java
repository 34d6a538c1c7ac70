package dev.phasor.stft;

/**
 * How many of the first and of the last samples of an inverse fade to 0, because uncentered frames give them almost no
 * weight.
 */
public record Fade(long first, long last) {

    static final Fade NONE = new Fade(0, 0);
}
