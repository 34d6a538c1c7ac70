package dev.phasor.reconstruction;

import dev.phasor.signal.Cancellation;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.stft.SlidingFrames.SampleSink;
import dev.phasor.stft.Stft;
import dev.phasor.stft.TransformCost;

/**
 * Sound from magnitudes that arrive frame by frame. After m + 1 frames the samples before the frame m - lookahead + 1
 * are handed out. The samples do not depend on when frames arrive: {@link PhaseReconstructor} pushes all frames through
 * the same object. Memory is that of the frames that overlap. Not thread-safe.
 */
public interface LiveReconstructor {

    /** Frames after a frame that are waited for before the samples of its first hop are handed out. */
    int lookahead();

    /** Frames pushed. */
    long frames();

    /** @param magnitude of the next frame, finite and not negative, one value a bin. Not modified, not kept. */
    void push(float[] magnitude);

    /**
     * No frame follows: hands out the samples that are left.
     *
     * @throws InvalidInputException {@code NOLA} if the frames do not determine the samples; {@code BAD_PARAMETER} if
     *     they stand for no sample
     */
    void end();

    /**
     * Makes a reconstructor.
     *
     * @param parameters iterations, seed, look-ahead and length are used; without a length the samples are those of the
     *     shortest signal with the frames that come
     * @param item the item's index, for random phases
     * @param most frames that come at most, for the memory; no sample depends on it
     * @throws InvalidInputException {@code BAD_PARAMETER} if the algorithm needs the whole
     */
    static LiveReconstructor of(
            Algorithm algorithm,
            Kernels kernels,
            Stft stft,
            ReconstructionParameters parameters,
            int item,
            int most,
            SampleSink sink) {
        RandomPhase random = new RandomPhase(parameters.seed(), item);
        Integer length = parameters.length();
        long limit = length == null ? Long.MAX_VALUE : length;
        return switch (algorithm) {
            case RTPGHI -> new LivePhases(new RealTimePghi(false).stream(stft.parameters(), random), stft, limit, sink);
            case RTPGHI_LOOKAHEAD ->
                new LivePhases(new RealTimePghi(true).stream(stft.parameters(), random), stft, limit, sink);
            case RTISI_LA, GSRTISI_LA ->
                new LivePhases(
                        new Rtisi(algorithm == Algorithm.GSRTISI_LA)
                                .stream(stft, parameters.iterations(), random, most),
                        stft,
                        limit,
                        sink);
            case LIVE -> new LiveProjections(kernels, stft, parameters, random, limit, sink);
            default ->
                throw InvalidInputException.badParameter(
                        "algorithm",
                        "one that goes frame by frame (live, rtpghi, rtpghi_lookahead, rtisi_la, gsrtisi_la)",
                        algorithm.wireName());
        };
    }

    /** The most bytes that an instance holds while at most so many frames come, without its {@link Stft}. */
    static long bytes(Algorithm algorithm, ReconstructionParameters parameters, TransformCost transform, int most) {
        return switch (algorithm) {
            case LIVE -> LiveProjections.bytes(parameters, transform);
            case RTISI_LA, GSRTISI_LA ->
                Rtisi.bytes(parameters.stft(), most)
                        + transform.frameTransform()
                        + LivePhases.bytes(transform, parameters, most);
            default -> RealTimePghi.bytes(parameters.stft()) + LivePhases.bytes(transform, parameters, most);
        };
    }

    /** All frames of a problem at once; {@link Algorithm#LIVE} starts each from the given phase, if there is one. */
    static float[] whole(Algorithm algorithm, Problem problem) {
        float[] samples = new float[problem.length()];
        GivenPhase given = problem.parameters().given();
        if (algorithm == Algorithm.LIVE && given != null) {
            LiveProjections.whole(problem, given.direction(), new StreamedInverse.Written(samples));
            return samples;
        }
        LiveReconstructor live = of(
                algorithm,
                problem.kernels(),
                problem.stft(),
                problem.parameters().withLength(problem.length()),
                problem.item(),
                problem.frames(),
                new StreamedInverse.Written(samples));
        int bins = problem.bins();
        float[] row = new float[bins];
        Cancellation wanted = Cancellation.current();
        for (int frame = 0; frame < problem.frames(); frame++) {
            wanted.check();
            System.arraycopy(problem.magnitude(), frame * bins, row, 0, bins);
            live.push(row);
        }
        live.end();
        return samples;
    }
}
