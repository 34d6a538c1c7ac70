package dev.phasor.reconstruction;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.Signals;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.MagnitudeSpectrogram;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Iterations that go on from a state that was kept come to the same bits. */
class KeepingTest {

    private static final int ITERATIONS = 16;

    @ParameterizedTest
    @EnumSource(
            value = Algorithm.class,
            names = {"SPSI", "PGHI", "RTPGHI", "RTPGHI_LOOKAHEAD", "RTISI_LA", "GSRTISI_LA", "LIVE"},
            mode = Mode.EXCLUDE)
    void everyStateLeadsToTheSameBits(Algorithm algorithm) {
        check(algorithm, ITERATIONS, 1);
    }

    /** With ADMM on the whole spectrogram behind the bands. */
    @Test
    void statesOfManyIterationsLeadToTheSameBits() {
        check(Algorithm.COARSE_TO_FINE, 210, 7);
    }

    /** With rounds of a {@link Repair}. */
    @Test
    void statesOfARepairLeadToTheSameBits() {
        check(Algorithm.COARSE_TO_FINE, 400, 9);
    }

    /** With an {@link Excursion}, where eight frames see a sample. */
    @Test
    void statesOfAnExcursionLeadToTheSameBits() {
        check(StftParameters.hann(256, 32), 1_000, Algorithm.COARSE_TO_FINE, 1_020, 3, 40);
    }

    /** With an {@link Excursion} between rounds. */
    @Test
    void statesOfAnExcursionBetweenRoundsLeadToTheSameBits() {
        assertThat(check(StftParameters.hann(512, 128), 20_000, Algorithm.COARSE_TO_FINE, 800, 60, 380))
                .contains("repair", "excursion", "excursion's descent", "repair after an excursion");
    }

    private static void check(Algorithm algorithm, int iterations, int stride) {
        check(StftParameters.hann(512, 128), 5_000, algorithm, iterations, stride, Integer.MAX_VALUE);
    }

    /**
     * @param stride of the states from which it goes on, beside the first of each stage
     * @param most of the last states that are looked at
     * @return the stages that were looked at
     */
    private static Set<String> check(
            StftParameters stft, int samples, Algorithm algorithm, int iterations, int stride, int most) {
        MagnitudeSpectrogram magnitude = new Stft(stft)
                .forward(AudioSignal.mono(Signals.noise(1, samples), 16_000))
                .magnitude();
        ReconstructionParameters parameters = ReconstructionParameters.of(stft).withIterations(iterations);
        PhaseReconstructor reconstructor = PhaseReconstructor.of(algorithm);
        float[] whole = reconstructor
                .reconstruct(magnitude, parameters, Progress.NONE)
                .audio()
                .samples(0);
        Memory all = new Memory(null);
        assertThat(reconstructor.reconstruct(magnitude, parameters, all).audio().samples(0))
                .isEqualTo(whole);

        assertThat(all.states).hasSizeGreaterThan(3);
        Set<String> looked = new TreeSet<>();
        for (int i = all.states.size() - 1; i >= Math.max(0, all.states.size() - most); i--) {
            State state = all.states.get(i);
            boolean isFirst = i == 0
                    || !all.states.get(i - 1).mark().stage().equals(state.mark().stage());
            if (!isFirst && (all.states.size() - 1 - i) % stride != 0) {
                continue;
            }
            looked.add(state.mark().stage());
            Memory one = new Memory(state);
            assertThat(reconstructor
                            .reconstruct(magnitude, parameters, one)
                            .audio()
                            .samples(0))
                    .as("from " + state.mark())
                    .isEqualTo(whole);
            assertThat(one.iterations).as("from " + state.mark()).isLessThanOrEqualTo(iterations);
        }
        return looked;
    }

    private record State(Keeping.Mark mark, float[][] arrays) {}

    /** Keeps every state, and begins at one. */
    private static final class Memory implements Progress, Keeping {

        private final List<State> states = new ArrayList<>();
        private final @Nullable State begin;
        private int iterations;

        Memory(@Nullable State begin) {
            this.begin = begin;
        }

        @Override
        public boolean iterated(int item, int iteration, double spectralConvergenceDb) {
            iterations++;
            return true;
        }

        @Override
        public Keeping keeping(int item) {
            return this;
        }

        @Override
        public boolean isDue() {
            return begin == null;
        }

        @Override
        public void keep(Mark mark, float[]... arrays) {
            float[][] copies = new float[arrays.length][];
            for (int i = 0; i < arrays.length; i++) {
                copies[i] = arrays[i].clone();
            }
            states.add(new State(mark, copies));
        }

        @Override
        public @Nullable Mark mark() {
            return begin == null ? null : begin.mark();
        }

        @Override
        public void restore(float[]... arrays) {
            float[][] kept = requireNonNull(begin).arrays();
            for (int i = 0; i < arrays.length; i++) {
                System.arraycopy(kept[i], 0, arrays[i], 0, arrays[i].length);
            }
        }
    }
}
