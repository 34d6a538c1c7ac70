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
import java.util.function.Function;
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

    /** A start that its deadline cuts short is no whole one, and a later attempt begins anew. */
    @Test
    void aStartThatWasEndedIsNotKept() {
        StftParameters stft = StftParameters.hann(512, 128);
        MagnitudeSpectrogram magnitude = new Stft(stft)
                .forward(AudioSignal.mono(Signals.noise(1, 5_000), 16_000))
                .magnitude();
        Memory ended = new Memory(null) {
            @Override
            public boolean started(int item, double iterations) {
                return false;
            }

            @Override
            public boolean iterated(int item, int iteration, double spectralConvergenceDb) {
                return false;
            }
        };

        PhaseReconstructor.of(Algorithm.COARSE_TO_FINE)
                .reconstruct(magnitude, ReconstructionParameters.of(stft).withIterations(ITERATIONS), ended);

        assertThat(ended.states).isEmpty();
    }

    /** A descent from a given phase alone, on several tiles. */
    @Test
    void statesOfAStretchLeadToTheSameBits() {
        StftParameters parameters = StftParameters.hann(512, 128);
        Kernels kernels = Kernels.best();
        Stretcher stretcher = new Stretcher(
                kernels.stft(parameters),
                kernels,
                StretchAlgorithm.DESCENT,
                ReconstructionParameters.of(parameters).withIterations(ITERATIONS));
        AudioSignal audio = AudioSignal.mono(Signals.noise(1, 5_000), 16_000);

        check(
                progress -> stretcher
                        .stretch(audio, TimeMap.ofRate(5_000, 0.8), 1, progress)
                        .audio()
                        .samples(0),
                ITERATIONS,
                1,
                Integer.MAX_VALUE);
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
        return check(
                progress -> reconstructor
                        .reconstruct(magnitude, parameters, progress)
                        .audio()
                        .samples(0),
                iterations,
                stride,
                most);
    }

    private static Set<String> check(Function<Progress, float[]> work, int iterations, int stride, int most) {
        float[] whole = work.apply(Progress.NONE);
        Memory all = new Memory(null);
        assertThat(work.apply(all)).isEqualTo(whole);

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
            assertThat(work.apply(one)).as("from " + state.mark()).isEqualTo(whole);
            assertThat(one.iterations).as("from " + state.mark()).isLessThanOrEqualTo(iterations);
        }
        return looked;
    }

    private record State(Keeping.Mark mark, float[][] arrays) {}

    /** Keeps every state, and begins at one. */
    private static class Memory implements Progress, Keeping {

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
