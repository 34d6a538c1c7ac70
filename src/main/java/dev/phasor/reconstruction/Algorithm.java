package dev.phasor.reconstruction;

import dev.phasor.signal.InvalidInputException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The reconstruction algorithms. */
public enum Algorithm {
    /** The algorithm that measured best (benchmarks/QUALITY.md). */
    AUTO(true),
    /** {@link #HYBRID} on the lowest frequencies, then on wider bands, then on all: {@link CoarseToFine}. */
    COARSE_TO_FINE(true),
    /**
     * {@link #ADMM}, then L-BFGS (Liu, Nocedal 1989). ADMM leaves local minima, and L-BFGS descends to the bottom of
     * the new one.
     */
    HYBRID(true),
    /** Griffin, Lim, "Signal Estimation from Modified Short-Time Fourier Transform" (1984). */
    GRIFFINLIM(true),
    /** Perraudin, Balazs, Sondergaard, "A Fast Griffin-Lim Algorithm" (2013). */
    FAST_GRIFFINLIM(true),
    /** Nenov, Nguyen, Balazs, Bot, "Accelerated Griffin-Lim Algorithm" (2023). */
    AGLA(true),
    /** Masuyama, Yatabe, Oikawa, "Griffin-Lim Like Phase Recovery via ADMM" (2019). */
    ADMM(true),
    /** Relaxed averaged alternating reflections; Kobayashi, Tanaka, Yatabe, Oikawa (2022). */
    RAAR(true),
    /** Elser's difference map; Kobayashi, Tanaka, Yatabe, Oikawa (2022). */
    DIFFERENCE_MAP(true),
    /** Single pass spectrogram inversion; Beauregard, Harish, Wyse (2015). */
    SPSI(false),
    /** Phase gradient heap integration; Prusa, Balazs, Sondergaard (2017). */
    PGHI(false),
    /** Real-time PGHI, causal; Prusa, Sondergaard (2016). */
    RTPGHI(false),
    /** Real-time PGHI with one frame of look-ahead. */
    RTPGHI_LOOKAHEAD(false),
    /** Real-time iterative spectrogram inversion with look-ahead; Zhu, Beauregard, Wyse (2007). */
    RTISI_LA(true),
    /** RTISI-LA in the order of Gnann and Spiertz (2010). Each frame starts from RTPGHI's phase. */
    GSRTISI_LA(true),
    /** The best frame by frame for a given look-ahead: {@link LiveProjections}. */
    LIVE(true);

    private final boolean iterative;

    Algorithm(boolean iterative) {
        this.iterative = iterative;
    }

    /** Whether the algorithm uses n_iter. */
    public boolean iterative() {
        return iterative;
    }

    /** Whether samples can be handed out while the frames come: {@link LiveReconstructor}. */
    public boolean isLive() {
        return switch (this) {
            case RTPGHI, RTPGHI_LOOKAHEAD, RTISI_LA, GSRTISI_LA, LIVE -> true;
            default -> false;
        };
    }

    /** The name in a request. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws InvalidInputException {@code BAD_PARAMETER}, listing the names */
    public static Algorithm parse(String name) {
        return Arrays.stream(values())
                .filter(algorithm -> algorithm.wireName().equals(name))
                .findFirst()
                .orElseThrow(() -> InvalidInputException.badParameter("algorithm", "one of " + names(), name));
    }

    private static String names() {
        return Arrays.stream(values()).map(Algorithm::wireName).collect(Collectors.joining(", "));
    }
}
