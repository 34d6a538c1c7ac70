package dev.phasor;

import dev.phasor.reconstruction.Algorithm;
import java.util.Arrays;
import java.util.List;

/** The algorithms, by how they go about it. */
public final class AlgorithmKinds {

    /** One frame after the other: their iterations are per frame, each over the frames that overlap it. */
    public static final List<Algorithm> FRAME_BY_FRAME =
            List.of(Algorithm.RTISI_LA, Algorithm.GSRTISI_LA, Algorithm.LIVE);

    private AlgorithmKinds() {}

    public static List<Algorithm> iterative() {
        return Arrays.stream(Algorithm.values()).filter(Algorithm::iterative).toList();
    }

    public static List<Algorithm> atOnce() {
        return Arrays.stream(Algorithm.values()).filter(it -> !it.iterative()).toList();
    }

    /** Each iteration over all frames; all start from PGHI. */
    public static List<Algorithm> overTheWhole() {
        return iterative().stream().filter(it -> !FRAME_BY_FRAME.contains(it)).toList();
    }
}
