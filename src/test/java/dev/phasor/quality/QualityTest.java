package dev.phasor.quality;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.AlgorithmKinds;
import dev.phasor.Recordings;
import dev.phasor.reconstruction.Algorithm;
import dev.phasor.reconstruction.PhaseReconstructor;
import dev.phasor.reconstruction.Progress;
import dev.phasor.reconstruction.ReconstructionParameters;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.MagnitudeSpectrogram;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the algorithms reach on real recordings. */
class QualityTest {

    private static double reached(Clip clip, Magnitudes kind, Algorithm algorithm, int iterations, Progress progress) {
        AudioSignal audio = clip.between(Setting.S1.stft().fftSize());
        MagnitudeSpectrogram magnitude = kind.of(audio, Setting.S1.stft());
        ReconstructionParameters parameters =
                ReconstructionParameters.of(Setting.S1.stft()).withIterations(iterations);
        return PhaseReconstructor.of(algorithm)
                .reconstruct(
                        magnitude,
                        kind == Magnitudes.STRETCHED ? parameters : parameters.withLength(audio.length()),
                        progress)
                .report()
                .spectralConvergenceDb()
                .get(0);
    }

    /** Griffin, Lim 1984: alternating projections, the inverse being least-squares. */
    @Test
    void griffinLimsErrorNeverRises() {
        Clip speech = Clip.of(Recordings.speech());
        List<Double> errors = new ArrayList<>();
        reached(speech, Magnitudes.CONSISTENT, Algorithm.GRIFFINLIM, 40, (item, iteration, db) -> errors.add(db));
        assertThat(errors).hasSize(40);
        for (int i = 1; i < errors.size(); i++) {
            assertThat(errors.get(i)).isLessThanOrEqualTo(errors.get(i - 1) + 1e-5);
        }
    }

    /** auto must be worth its name; by how much is in benchmarks/QUALITY.md. */
    @Test
    void autoIsBetterThanFastGriffinLimFromTheSameStart() {
        Clip speech = Clip.of(Recordings.speech());
        for (Magnitudes kind : Magnitudes.values()) {
            double auto = reached(speech, kind, Algorithm.AUTO, 32, Progress.NONE);
            double fast = reached(speech, kind, Algorithm.FAST_GRIFFINLIM, 32, Progress.NONE);
            assertThat(auto).as(kind.name()).isLessThan(fast);
        }
    }

    /** What the lowest frequencies are worth on their own; they must not be left out where they can be had. */
    @Test
    void bandsFromTheLowestOnAreBetterThanTheWholeAtOnce() {
        Clip music = Clip.of(Recordings.music());
        double bands = reached(music, Magnitudes.CONSISTENT, Algorithm.COARSE_TO_FINE, 64, Progress.NONE);
        assertThat(bands).isLessThan(reached(music, Magnitudes.CONSISTENT, Algorithm.HYBRID, 64, Progress.NONE) - 1);
    }

    /** It looks along both axes and into the future; they do not. */
    @Test
    void pghiIsBetterThanWhatGoesFrameByFrame() {
        Clip speech = Clip.of(Recordings.speech());
        double pghi = reached(speech, Magnitudes.CONSISTENT, Algorithm.PGHI, 1, Progress.NONE);
        for (Algorithm other : List.of(Algorithm.SPSI, Algorithm.RTPGHI)) {
            assertThat(pghi)
                    .as(other.wireName())
                    .isLessThan(reached(speech, Magnitudes.CONSISTENT, other, 1, Progress.NONE));
        }
    }

    /** What is delivered is where the iterations lead to, not a value that they merely pass by. */
    @ParameterizedTest
    @MethodSource("dev.phasor.AlgorithmKinds#iterative")
    void moreIterationsReachMore(Algorithm algorithm) {
        Clip speech = Clip.of(Recordings.speech());
        double few = reached(speech, Magnitudes.CONSISTENT, algorithm, 4, Progress.NONE);
        assertThat(reached(speech, Magnitudes.CONSISTENT, algorithm, 12, Progress.NONE))
                .isLessThan(few - 0.5);
    }

    /** They have the same frames to look at, and go over them again. */
    @Test
    void iteratingOnTheFramesInWorkIsBetterThanNot() {
        Clip speech = Clip.of(Recordings.speech());
        double once = reached(speech, Magnitudes.CONSISTENT, Algorithm.RTPGHI, 1, Progress.NONE);
        for (Algorithm algorithm : AlgorithmKinds.FRAME_BY_FRAME) {
            assertThat(reached(speech, Magnitudes.CONSISTENT, algorithm, 8, Progress.NONE))
                    .as(algorithm.wireName())
                    .isLessThan(once - 3);
        }
    }
}
