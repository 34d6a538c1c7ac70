package dev.phasor.reconstruction;

import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.Ranges;
import dev.phasor.signal.SpectrogramShape;
import dev.phasor.stft.Framing;
import dev.phasor.stft.PadMode;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Audio at another speed, with its pitch or another one. {@link StretchedSpectrogram} has the magnitudes of the source
 * at their new places and a phase for them; some steps of {@link QuasiNewton} then look for the signal with nearly
 * these magnitudes in the valley that this phase lies in. Another pitch is another speed and the signal read faster or
 * slower.
 */
public final class Stretcher {

    public static final int DEFAULT_ITERATIONS = 32;

    private final Stft stft;
    private final Kernels kernels;
    private final StretchAlgorithm algorithm;
    private final ReconstructionParameters settings;

    /**
     * @param stft centered, padded with zeros
     * @param settings iterations and look-ahead are used
     */
    public Stretcher(Stft stft, Kernels kernels, StretchAlgorithm algorithm, ReconstructionParameters settings) {
        StftParameters parameters = stft.parameters();
        if (parameters.framing() != Framing.CENTER || parameters.padMode() != PadMode.CONSTANT) {
            throw new IllegalArgumentException("frames must be centered and padded with zeros");
        }
        this.stft = stft;
        this.kernels = kernels;
        this.algorithm = algorithm;
        this.settings = settings;
    }

    /** The samples of a result, at least 1: round(n / rate) of one rate. */
    public static int length(TimeMap map) {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, Math.round(map.length())));
    }

    /**
     * Stretches all channels as one: the same in each is done to the phases of the same bin.
     *
     * @param audio {@code [..., samples]}
     * @param map which sample is heard when; the source ends at its last point. The identity without another pitch
     *     gives back the samples, and so does audio without samples
     * @param pitch the ratio of frequencies, 2 is an octave up
     * @throws InvalidInputException {@code NOLA} if window and hop cannot be inverted
     */
    public Stretched stretch(AudioSignal audio, TimeMap map, double pitch, Progress progress) {
        boolean same = map.isIdentity() && pitch == 1;
        if (same || audio.length() == 0 || audio.items() == 0) {
            float[][] samples = new float[audio.items()][];
            int length = audio.length() == 0 ? 0 : length(map);
            Arrays.setAll(samples, item -> Arrays.copyOf(audio.samples(item), length));
            List<Double> best = Collections.nCopies(samples.length, Decibels.LOWEST);
            return new Stretched(new AudioSignal(audio.leading(), samples, audio.sampleRate()), 0, false, best, best);
        }
        TimeMap longer = pitch == 1 ? map : map.times(pitch);
        int length = length(longer);
        ItemOutcome[] outcomes = outcomes(audio, longer, length, progress);
        float[][] samples = new float[audio.items()][];
        int delivered = length(map);
        Ranges.each(samples.length, item -> {
            samples[item] = pitch == 1 ? outcomes[item].samples() : new float[delivered];
            if (pitch != 1) {
                BandLimited.read(outcomes[item].samples(), pitch, samples[item]);
            }
        });
        List<ItemOutcome> all = List.of(outcomes);
        return new Stretched(
                new AudioSignal(audio.leading(), samples, audio.sampleRate()),
                all.stream().mapToInt(ItemOutcome::iterations).max().orElse(0),
                all.stream().anyMatch(ItemOutcome::cancelled),
                all.stream().map(ItemOutcome::spectralConvergenceDb).toList(),
                all.stream().map(ItemOutcome::inconsistencyDb).toList());
    }

    private ItemOutcome[] outcomes(AudioSignal audio, TimeMap map, int length, Progress progress) {
        StftParameters parameters = stft.parameters();
        int frames = parameters.frames(length);
        stft.checkInvertible(frames, length);
        SpectrogramShape shape = new SpectrogramShape(audio.leading(), parameters.bins(), frames);
        float[][] re = shape.newPlanes();
        float[][] im = shape.newPlanes();
        float[][] sources = new float[audio.items()][];
        Arrays.setAll(sources, audio::samples);
        boolean isLive = algorithm == StretchAlgorithm.LIVE;
        new StretchedSpectrogram(parameters, stft.frameTransform(), sources, isLive ? map.endless() : map)
                .compute(frames, re, im);
        ComplexSpectrogram start = new ComplexSpectrogram(shape, re, im);
        ReconstructionParameters starting = settings.withLength(length).startingFrom(GivenPhase.of(start));
        Plan plan = isLive ? Plan.of(Algorithm.LIVE, starting) : Plan.descending(starting);
        ItemOutcome[] outcomes = new ItemOutcome[audio.items()];
        progress.begins(outcomes.length, Workload.even(settings.iterations()));
        Ranges.each(outcomes.length, item -> {
            float[] magnitude = new float[re[item].length];
            Ranges.forEach(
                    magnitude.length,
                    magnitude.length,
                    1,
                    (from, to) -> kernels.iteration().magnitude(re[item], im[item], magnitude, from, to));
            int determined = parameters.determined(frames, length);
            Problem problem = new Problem(kernels, stft, magnitude, item, determined, starting);
            outcomes[item] = plan.run(problem, progress).lengthenedTo(length);
        });
        return outcomes;
    }
}
