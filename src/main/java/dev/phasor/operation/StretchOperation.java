package dev.phasor.operation;

import static dev.phasor.signal.InvalidInputException.badParameter;

import dev.phasor.codec.NpyArray;
import dev.phasor.reconstruction.ReconstructionParameters;
import dev.phasor.reconstruction.StretchAlgorithm;
import dev.phasor.reconstruction.Stretched;
import dev.phasor.reconstruction.Stretcher;
import dev.phasor.reconstruction.TimeMap;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;

/** Audio at another speed, or with another pitch. */
final class StretchOperation implements Operation {

    private static final int SEMITONES_OF_AN_OCTAVE = 12;

    private final Transform transform;

    StretchOperation(Transform transform) {
        this.transform = transform;
    }

    @Override
    public Answer run(Call call) {
        Report report = new Report();
        Parameters parameters = call.parameters();
        AudioSignal audio = call.inputs().audio(parameters);
        Stft stft = transform.ofAudio(parameters, report);
        TimeMap map = map(call, audio.length(), audio.sampleRate());
        StretchAlgorithm algorithm = parameters.get(Parameter.STRETCH_ALGORITHM);
        if (algorithm != StretchAlgorithm.LIVE && parameters.has(Parameter.LOOKAHEAD)) {
            throw badParameter("lookahead", "left out unless algorithm=live", parameters.get(Parameter.LOOKAHEAD));
        }
        ReconstructionParameters settings = settings(parameters, algorithm, stft.parameters());
        Stretched found = new Stretcher(stft, transform.kernels(), algorithm, settings)
                .stretch(audio, map, pitch(parameters), call.progress());
        report.put("rate", map.rate())
                .put("semitones", parameters.get(Parameter.SEMITONES))
                .put("algorithm", Parameters.wire(algorithm))
                .put("iterations", found.iterations())
                .put("spectral_convergence_db", KnownPhase.perItem(found.spectralConvergenceDb(), audio.leading()))
                .put("inconsistency_db", KnownPhase.perItem(found.inconsistencyDb(), audio.leading()));
        if (found.cancelled()) {
            report.put("cancelled", true);
        }
        Finite.result("the audio", found.audio());
        return Answer.of(found.audio(), report);
    }

    static ReconstructionParameters settings(
            Parameters parameters, StretchAlgorithm algorithm, StftParameters transform) {
        int iterations = algorithm == StretchAlgorithm.LIVE
                ? parameters.get(Parameter.STRETCH_ITERATIONS, ReconstructionParameters.LIVE_ITERATIONS)
                : parameters.get(Parameter.STRETCH_ITERATIONS);
        return ReconstructionParameters.of(transform)
                .withIterations(iterations)
                .withLookahead(parameters.get(Parameter.LOOKAHEAD));
    }

    static double pitch(Parameters parameters) {
        double semitones = parameters.get(Parameter.SEMITONES);
        return semitones == 0 ? 1 : Math.pow(2, semitones / SEMITONES_OF_AN_OCTAVE);
    }

    /** @param samples of the audio */
    static TimeMap map(Call call, int samples, int sampleRate) {
        Parameters parameters = call.parameters();
        if (!call.inputs().has(Input.TIME_MAP)) {
            return TimeMap.ofRate(samples, parameters.get(Parameter.RATE));
        }
        NpyArray points = points(call, sampleRate).rowMajor();
        int count = points.shape().size(0);
        double[] source = new double[count];
        double[] result = new double[count];
        for (int i = 0; i < count; i++) {
            source[i] = (double) points.real()[2 * i] * sampleRate;
            result[i] = (double) points.real()[2 * i + 1] * sampleRate;
        }
        return TimeMap.ofPoints(source, result);
    }

    /** The points as they came. */
    private static NpyArray points(Call call, int sampleRate) {
        Parameters parameters = call.parameters();
        if (parameters.has(Parameter.RATE)) {
            throw badParameter("rate", "left out with the input time_map", parameters.get(Parameter.RATE));
        }
        if (sampleRate == AudioSignal.UNKNOWN_RATE) {
            throw badParameter("sample_rate", "given with the input time_map, in Hz", "none");
        }
        NpyArray points = call.inputs().table(Input.TIME_MAP, Integer.MAX_VALUE);
        if (points.shape().size(1) != 2) {
            throw new InvalidInputException(
                    Code.SHAPE_MISMATCH,
                    "time_map must be [points, 2], each [source, result] in seconds, got " + points.shape());
        }
        return points;
    }

    /** What {@link #map} will be, before there is memory for it: a map that it refuses may have any extent. */
    static TimeMap.Extent extent(Call call, int samples, int sampleRate) {
        if (!call.inputs().has(Input.TIME_MAP)) {
            return map(call, samples, sampleRate).extent();
        }
        // In either order the last value is the last point's result.
        float[] values = points(call, sampleRate).real();
        return new TimeMap.Extent((double) values[values.length - 1] * sampleRate, values.length / 2);
    }
}
