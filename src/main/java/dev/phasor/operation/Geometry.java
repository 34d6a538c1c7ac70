package dev.phasor.operation;

import dev.phasor.gradient.Loss;
import dev.phasor.gradient.LossCost;
import dev.phasor.mel.MelInverse;
import dev.phasor.operation.Inputs.Kind;
import dev.phasor.reconstruction.Algorithm;
import dev.phasor.reconstruction.DifferentiableReconstructor;
import dev.phasor.reconstruction.ReconstructionCost;
import dev.phasor.reconstruction.ReconstructionParameters;
import dev.phasor.reconstruction.SeparationCost;
import dev.phasor.reconstruction.StretchAlgorithm;
import dev.phasor.reconstruction.StretchCost;
import dev.phasor.reconstruction.Through;
import dev.phasor.signal.Shape;
import dev.phasor.signal.SpectrogramShape;
import dev.phasor.stft.FftKernel;
import dev.phasor.stft.StftParameters;
import dev.phasor.stft.TransformCost;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How large the parts of a call are: what an {@link Account} is made of. All bytes are those of all items, unless said.
 * The file is long because each account takes its sizes from here and from nowhere else.
 */
final class Geometry {

    /** Of a bin's part in the sum of a filter that has them all, and of a mel's logarithm, as {@link Account#work}. */
    private static final double SUM_WORK = 0.25;

    private static final double VALUE_WORK = 8;

    /** Mels of an estimate and of a target, and the adjoint. */
    static final int MEL_PASSES = 3;

    private final Endpoint endpoint;
    private final boolean resynthesis;
    private final Call call;
    private final Inputs inputs;
    private final Parameters parameters;
    private final Kind kind;
    private final int items;
    private final int bins;
    private final int frames;
    /** Of an item that came as audio; 0 of another. */
    private final int samples;

    private final @Nullable TransformCost transform;

    private Geometry(
            Endpoint endpoint,
            Call call,
            Kind kind,
            int items,
            int bins,
            int frames,
            int samples,
            @Nullable TransformCost transform) {
        this.endpoint = endpoint;
        this.resynthesis = endpoint == Endpoint.RECONSTRUCT && KnownPhase.isResynthesis(call);
        this.call = call;
        this.inputs = call.inputs();
        this.parameters = call.parameters();
        this.kind = kind;
        this.items = items;
        this.bins = bins;
        this.frames = frames;
        this.samples = samples;
        this.transform = transform;
        Account.require((double) bins * frames * items, "the spectrogram");
    }

    /**
     * Empty for a call whose main value has too few axes, or none: the operation refuses it.
     *
     * @param kernel that computes the transforms
     * @param threads that may work at once
     * @throws dev.phasor.signal.InvalidInputException for parameters that are wrong, or do not fit the value, and
     *     {@code TOO_LARGE} for values of more numbers than an array holds
     */
    static Optional<Geometry> of(
            Endpoint endpoint, Call call, TransformSettings settings, FftKernel kernel, int threads) {
        Parameters parameters = call.parameters();
        Kind kind = kind(endpoint, call);
        Shape shape = call.inputs().shape(kind);
        boolean subbands = kind == Kind.SPECTROGRAM && call.inputs().isSubbands(parameters);
        int axes = kind == Kind.AUDIO ? 1 : subbands ? 3 : 2;
        boolean iterated = endpoint == Endpoint.RECONSTRUCT_VJP && IteratedVjpOperation.isAsked(parameters);
        boolean alone = endpoint == Endpoint.RECONSTRUCT || iterated;
        boolean refused = (kind == Kind.MAGNITUDE || kind == Kind.MEL) && !alone;
        if (refused || shape == null || shape.rank() < axes || shape.count() == 0) {
            return Optional.empty();
        }
        int items = shape.dropLast(axes).count();
        if (kind == Kind.AUDIO) {
            Plausibility.channels(shape);
            Shape magnitude = likeness(endpoint, call.inputs());
            if (magnitude != null && endpoint != Endpoint.EVALUATE) {
                SeparateOperation.checkAxes(magnitude, shape);
            }
            StftParameters stft = magnitude == null || magnitude.rank() < 2 || magnitude.count() == 0
                    ? settings.forAudio(parameters)
                    : settings.forSpectrogram(
                            parameters, new SpectrogramShape(Shape.SCALAR, magnitude.size(-2), magnitude.size(-1)));
            int length = shape.size(-1);
            TransformCost transform = new TransformCost(stft, kernel, threads);
            return Optional.of(
                    new Geometry(endpoint, call, kind, items, stft.bins(), stft.frames(length), length, transform));
        }
        if (kind == Kind.MEL) {
            TransformCost transform = new TransformCost(settings.forAudio(parameters), kernel, threads);
            int bins = transform.parameters().bins();
            return Optional.of(new Geometry(endpoint, call, kind, items, bins, shape.size(-1), 0, transform));
        }
        Plausibility.frames(shape);
        int bins = shape.size(-2);
        int frames = shape.size(-1);
        boolean transforms =
                endpoint != Endpoint.PHASE && endpoint != Endpoint.PHASE_VJP && endpoint != Endpoint.PHASE_DIAGNOSE;
        TransformCost transform = transforms
                ? new TransformCost(
                        settings.forSpectrogram(parameters, new SpectrogramShape(Shape.SCALAR, bins, frames)),
                        kernel,
                        threads)
                : null;
        return Optional.of(new Geometry(endpoint, call, kind, items, bins, frames, 0, transform));
    }

    /** Of a spectrogram that tells the transform of audio; null where none does. */
    private static @Nullable Shape likeness(Endpoint endpoint, Inputs inputs) {
        return switch (endpoint) {
            case EVALUATE -> inputs.shape(Input.MAGNITUDE);
            case SEPARATE, SEPARATE_VJP -> {
                Input place = SeparateOperation.place(inputs);
                yield place == null ? null : inputs.shape(place);
            }
            default -> null;
        };
    }

    /** What the operation takes the main value for, which some operations do not ask. */
    static Kind kind(Endpoint endpoint, Call call) {
        boolean iterated = endpoint == Endpoint.RECONSTRUCT_VJP && IteratedVjpOperation.isAsked(call.parameters());
        Kind kind = call.inputs()
                .main(call.parameters(), endpoint == Endpoint.RECONSTRUCT || iterated ? Kind.MAGNITUDE : Kind.AUDIO);
        return switch (endpoint) {
            case STFT, MEL, MEL_VJP, EVALUATE, SEPARATE, SEPARATE_VJP, STRETCH -> Kind.AUDIO;
            case ISTFT, PHASE_VJP -> Kind.SPECTROGRAM;
            case PHASE, PHASE_DIAGNOSE, RECONSTRUCT, RECONSTRUCT_VJP -> kind;
        };
    }

    Endpoint endpoint() {
        return endpoint;
    }

    /** Whether a transform's bins are answered as they are. */
    boolean isComplex() {
        return parameters.get(Parameter.OUTPUT) == StftOperation.Output.COMPLEX;
    }

    boolean isAudio() {
        return kind == Kind.AUDIO;
    }

    boolean isMel() {
        return kind == Kind.MEL;
    }

    /** Filters of a mel: those of a filterbank, or n_mels. */
    int mels() {
        Shape bank = inputs.shape(Input.FILTERBANK);
        return bank != null && bank.rank() == 2 ? bank.size(0) : parameters.get(Parameter.N_MELS);
    }

    /** Bytes of an item's mels. */
    long melPlane() {
        return (long) Float.BYTES * mels() * frames;
    }

    long melPlanes() {
        return items * melPlane();
    }

    /** Bytes of mels that audio is compared with, of their own memory, and of its filters; 0 where none came. */
    long melsCompared() {
        Shape mel = inputs.shape(Input.MEL);
        return mel == null ? 0 : 2L * Float.BYTES * mel.count() + filters() + Float.BYTES * samples;
    }

    /** Bytes of the filters: their weights, and the matrices of their overlaps. */
    long filters() {
        boolean own = inputs.has(Input.FILTERBANK);
        long weights =
                (own ? (long) mels() * bins : 4L * bins + mels()) * (2 * Float.BYTES + Double.BYTES + Integer.BYTES);
        long overlaps = 4L * Double.BYTES * mels() * (own ? mels() : 2);
        return weights + overlaps + 64L * (mels() + bins);
    }

    /** Bytes of the filters of a loss; those of the loss of seven scales are few. */
    long lossFilters() {
        return parameters.find(Parameter.LOSS).filter(Loss.MEL::equals).isPresent() ? filters() : 0;
    }

    /** Work of the mels of as many frames: a sum over each filter's bins, and its value. */
    double melWork(double ofFrames) {
        double sums = inputs.has(Input.FILTERBANK) ? mels() * SUM_WORK * bins : 2.0 * bins;
        return ofFrames * (sums + VALUE_WORK * mels());
    }

    /** Work of the magnitudes of all frames, at most, and of solving their mels once for each iteration. */
    double filterWork() {
        return inverseWork() + allFrames() * mels() * band() * ReconstructOperation.iterations(parameters);
    }

    /** Work of the magnitudes of all frames, at most. */
    double inverseWork() {
        double weights = (inputs.has(Input.FILTERBANK) ? mels() : 2.0) * bins;
        return allFrames() * weights * MelInverse.MOST_SWEEPS + (weights + band() * mels()) * band();
    }

    private double band() {
        return inputs.has(Input.FILTERBANK) ? mels() : 1;
    }

    /** Bytes of an adjoint of the mels' inverse: which bins each sweep left above 0, for each thread. */
    long sweeps() {
        return (MelInverse.MOST_SWEEPS + 1L)
                * (bins / Byte.SIZE + 64L)
                * transform().threads();
    }

    /** Whether a phase came in. */
    boolean hasPhase() {
        return kind != Kind.MAGNITUDE && kind != Kind.MEL;
    }

    long items() {
        return items;
    }

    int frames() {
        return frames;
    }

    double allFrames() {
        return (double) items * frames;
    }

    /** Values of the spectrograms. */
    double values() {
        return allFrames() * bins;
    }

    /** Samples that came. */
    long samples() {
        return (long) items * samples;
    }

    int samplesOfItem() {
        return samples;
    }

    /** Bytes of one item's plane of floats. */
    long plane() {
        return (long) Float.BYTES * bins * frames;
    }

    long planes() {
        return items * plane();
    }

    /** Bytes of audio as an item's own arrays, where an array came. */
    long copiedAudio() {
        return items > 1 ? Float.BYTES * samples() : 0;
    }

    /** Bytes of the spectrogram's planes where they are copied out of the request's arrays. */
    long copiedElements() {
        boolean subbands = kind == Kind.SPECTROGRAM && inputs.isSubbands(parameters);
        return kind == Kind.SPECTROGRAM && (items > 1 || subbands) ? 2 * planes() : 0;
    }

    /** Bytes of the magnitudes that came, and of their roots; 0 where none did. */
    long magnitudes() {
        boolean given = kind == Kind.MAGNITUDE || inputs.has(Input.MAGNITUDE);
        return given ? planes() * parameters.get(Parameter.POWER) : 0;
    }

    /**
     * Bytes of a phase to start from, as angles and as directions; and of a mask, with an index and a value for each
     * bin.
     */
    long givenPhase() {
        return (inputs.has(Input.PHASE) ? 3 * planes() : 0) + (inputs.has(Input.MASK) ? 4 * planes() : 0);
    }

    int limit() {
        return (int) Math.min(values(), parameters.get(Parameter.LIMIT));
    }

    TransformCost transform() {
        if (transform == null) {
            throw new IllegalStateException(endpoint + " of a spectrogram transforms nothing");
        }
        return transform;
    }

    /** Samples of an item's audio: the answer's, or a target's. */
    int length() {
        if (endpoint == Endpoint.RECONSTRUCT_VJP) {
            Shape shape = inputs.shape(inputs.has(Input.TARGET) ? Input.TARGET : Input.COTANGENT);
            return shape == null || shape.rank() == 0 ? 1 : shape.size(-1);
        }
        if (parameters.has(Parameter.LENGTH)) {
            return parameters.get(Parameter.LENGTH);
        }
        if (isMel() && parameters.get(Parameter.DROP_LAST_FRAME)) {
            return (int) Math.min(
                    Integer.MAX_VALUE, (long) frames * transform().parameters().hopLength());
        }
        return isAudio() ? samples : transform().parameters().defaultLength(frames);
    }

    /** Whether a gradient goes through iterations on magnitudes, which came or are made of a mel. */
    boolean isIterated() {
        return endpoint == Endpoint.RECONSTRUCT_VJP && !hasPhase();
    }

    /** That of iterations on the magnitudes of one signal, and of their gradient. */
    SeparationCost iterations() {
        boolean implicit = parameters.get(Parameter.THROUGH) == Through.IMPLICIT;
        int count = parameters.get(Parameter.N_ITER) + (implicit ? DifferentiableReconstructor.IMPLICIT_STEPS : 0);
        return new SeparationCost(transform(), 1, items, frames, Math.max(1, length()), count, 1);
    }

    StretchCost stretch() {
        StretchAlgorithm algorithm = parameters.get(Parameter.STRETCH_ALGORITHM);
        return new StretchCost(
                transform(),
                items,
                StretchOperation.extent(call, samples, inputs.rate(parameters)),
                StretchOperation.pitch(parameters),
                algorithm,
                StretchOperation.settings(parameters, algorithm, transform().parameters()));
    }

    SeparationCost separation() {
        Shape of = likeness(endpoint, inputs);
        boolean complex = inputs.has(Input.ESTIMATE);
        int sources = of == null || of.rank() == 0 ? 1 : of.size(0);
        return new SeparationCost(
                transform(),
                sources + (endpoint == Endpoint.SEPARATE && parameters.get(Parameter.RESIDUAL) ? 1 : 0),
                items,
                frames,
                samples,
                SeparateOperation.iterations(parameters),
                complex ? 2 : parameters.get(Parameter.POWER));
    }

    LossCost loss() {
        Optional<Loss> loss = parameters.find(Parameter.LOSS);
        if (loss.isEmpty() || !inputs.has(Input.TARGET)) {
            return LossCost.NONE;
        }
        int longest = Math.max(1, length());
        LossCost cost = LossCost.of(loss.get(), transform(), mels(), items, longest);
        double frames = (double) items * transform().parameters().frames(longest);
        return loss.get() == Loss.MEL ? cost.plus(MEL_PASSES * melWork(frames)) : cost;
    }

    /** Whether audio comes back from its own spectrogram, which is not held. */
    boolean isResynthesis() {
        return resynthesis;
    }

    /** Whether magnitudes alone are the way to sound. */
    boolean retrieves() {
        return !algorithm().equals(KnownPhase.ISTFT);
    }

    private String algorithm() {
        return parameters.get(Parameter.ALGORITHM, hasPhase() ? KnownPhase.ISTFT : Algorithm.AUTO.wireName());
    }

    ReconstructionCost reconstruction() {
        String name = algorithm().equals(ReconstructMelOperation.TWO_STEPS) ? Algorithm.AUTO.wireName() : algorithm();
        ReconstructionParameters settings = ReconstructionParameters.of(
                        transform().parameters())
                .withIterations(ReconstructOperation.iterations(parameters))
                .withLookahead(parameters.get(Parameter.LOOKAHEAD));
        return new ReconstructionCost(Algorithm.parse(name), settings, items, frames, length(), transform());
    }
}
