package dev.phasor.operation;

import static dev.phasor.signal.InvalidInputException.badParameter;

import dev.phasor.reconstruction.Kernels;
import dev.phasor.reconstruction.LiveStretcher;
import dev.phasor.reconstruction.ReconstructionParameters;
import dev.phasor.reconstruction.StretchAlgorithm;
import dev.phasor.reconstruction.StretchCost;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import dev.phasor.stft.TransformCost;

/** Audio at another speed or pitch while it comes: {@link StretchOperation}, fed. */
final class LiveStretch extends LiveSound {

    private final Delivered delivered;
    private final LiveStretcher stretcher;

    private LiveStretch(Stft stft, Report report, Delivered delivered, LiveStretcher stretcher) {
        super("audio", 0, stft, report);
        this.delivered = delivered;
        this.stretcher = stretcher;
    }

    static LiveStretch of(Stft stft, Report report, Parameters parameters, Kernels kernels, Sink sink) {
        ReconstructionParameters settings = settings(parameters, stft.parameters());
        double rate = parameters.get(Parameter.RATE);
        double pitch = StretchOperation.pitch(parameters);
        report.put("rate", rate)
                .put("semitones", parameters.get(Parameter.SEMITONES))
                .put("algorithm", Parameters.wire(StretchAlgorithm.LIVE))
                .put("iterations", rate == 1 && pitch == 1 ? 0 : settings.iterations());
        Delivered delivered = new Delivered(sink, 0, Transform.rate(parameters));
        return new LiveStretch(
                stft, report, delivered, new LiveStretcher(stft, kernels, settings, rate, pitch, delivered));
    }

    static ReconstructionParameters settings(Parameters parameters, StftParameters stft) {
        StretchAlgorithm algorithm = parameters.get(Parameter.STRETCH_ALGORITHM, StretchAlgorithm.LIVE);
        if (algorithm != StretchAlgorithm.LIVE) {
            throw badParameter(
                    "algorithm", "live in a live session; others need the whole", Parameters.wire(algorithm));
        }
        ReconstructionParameters settings = StretchOperation.settings(parameters, algorithm, stft);
        LiveOperations.checkIterations(settings.iterations());
        return settings;
    }

    /** The most bytes that it holds. */
    static long bytes(Parameters parameters, TransformCost cost) {
        return LiveStretcher.bytes(
                settings(parameters, cost.parameters()),
                cost,
                parameters.get(Parameter.RATE),
                StretchOperation.pitch(parameters));
    }

    /** The work of a hop of the source. */
    static double hopWork(Parameters parameters, TransformCost cost) {
        return StretchCost.hopWork(
                cost,
                settings(parameters, cost.parameters()),
                parameters.get(Parameter.RATE),
                StretchOperation.pitch(parameters));
    }

    @Override
    void samples(float[] values, int offset, int count) {
        stretcher.push(values, offset, count);
    }

    @Override
    public long latency() {
        return stretcher.latency();
    }

    @Override
    long endFrames() {
        stretcher.end();
        return stretcher.frames();
    }

    @Override
    Delivered delivered() {
        return delivered;
    }
}
