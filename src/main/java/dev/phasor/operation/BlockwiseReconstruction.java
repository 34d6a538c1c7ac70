package dev.phasor.operation;

import static dev.phasor.signal.InvalidInputException.badParameter;

import dev.phasor.codec.AudioWriter;
import dev.phasor.codec.NpyFrames;
import dev.phasor.compute.HeapRegions;
import dev.phasor.compute.Limits;
import dev.phasor.compute.MemoryBudget;
import dev.phasor.compute.Streams.Stream;
import dev.phasor.reconstruction.Algorithm;
import dev.phasor.reconstruction.Blocks;
import dev.phasor.reconstruction.BlockwiseReconstructor;
import dev.phasor.reconstruction.BlockwiseReconstructor.Outcome;
import dev.phasor.reconstruction.Initialization;
import dev.phasor.reconstruction.Kernels;
import dev.phasor.reconstruction.Progress;
import dev.phasor.reconstruction.ReconstructionParameters;
import dev.phasor.reconstruction.Workload;
import dev.phasor.signal.MagnitudeSpectrogram;
import dev.phasor.signal.Ranges;
import dev.phasor.signal.Shape;
import dev.phasor.signal.SpectrogramShape;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import dev.phasor.stft.TransformCost;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code reconstruct} of a magnitude of any length: from an array's file to a sound file, in overlapping blocks. The
 * channels of a block are computed one after the other, so that the memory is that of one.
 */
public final class BlockwiseReconstruction {

    /** They find phases from one side to the other, and would begin anew in each block. */
    private static final Set<Algorithm> WITHOUT_BLOCKS = Set.of(
            Algorithm.SPSI,
            Algorithm.RTPGHI,
            Algorithm.RTPGHI_LOOKAHEAD,
            Algorithm.RTISI_LA,
            Algorithm.GSRTISI_LA,
            Algorithm.LIVE);

    private final TransformSettings settings;
    private final Transform transform;
    private final Kernels kernels;
    private final int threads;
    private final int blockValues;

    /**
     * @param threads that may work at once
     * @param blockValues bins times frames of a block
     */
    public BlockwiseReconstruction(Limits limits, Kernels kernels, int threads, int blockValues) {
        this.settings = new TransformSettings(limits);
        this.transform = new Transform(settings, kernels);
        this.kernels = kernels;
        this.threads = threads;
        this.blockValues = blockValues;
    }

    /** What is asked for, with the memory that it takes. */
    public final class Task {

        private final NpyFrames array;
        private final Parameters parameters;
        private final Report report = new Report();
        private final String algorithm;
        private final SpectrogramShape shape;
        private final StftParameters geometry;
        private final int length;
        private final Blocks blocks;
        private final ReconstructionParameters reconstruction;

        private Task(NpyFrames array, Parameters parameters) {
            this.array = array;
            this.parameters = parameters;
            algorithm = parameters.get(Parameter.ALGORITHM, Parameters.wire(Algorithm.AUTO));
            check();
            Plausibility.frames(array.shape());
            shape = new SpectrogramShape(array.leading(), array.bins(), array.frames());
            geometry = settings.forSpectrogram(parameters, shape);
            length = Transform.length(parameters, geometry, shape);
            int least = geometry.defaultLength(array.frames()) - geometry.fftSize();
            if (length < least) {
                throw badParameter("length", "at least " + least + " for a magnitude of this length", length);
            }
            blocks = Blocks.of(geometry, array.frames(), blockValues);
            reconstruction = ReconstructionParameters.of(geometry)
                    .withIterations(ReconstructOperation.iterations(parameters))
                    .withMomentum(parameters.get(Parameter.MOMENTUM))
                    .withTolerance(parameters.get(Parameter.TOLERANCE))
                    .withSeed(parameters.get(Parameter.SEED))
                    .withSampleRate(sampleRate());
        }

        private void check() {
            ReconstructOperation.refuseUnused(parameters, algorithm);
            String why = " for a magnitude of " + array.bytes()
                    + " bytes, which is reconstructed in blocks (phasor.blocks.from)";
            if (algorithm.equals(KnownPhase.ISTFT) || WITHOUT_BLOCKS.contains(Algorithm.parse(algorithm))) {
                throw badParameter("algorithm", "one that iterates over the whole, as auto," + why, algorithm);
            }
            if (parameters.get(Parameter.INIT) != Initialization.PGHI) {
                throw badParameter("init", "pghi" + why, Parameters.wire(parameters.get(Parameter.INIT)));
            }
            if (parameters.find(Parameter.SAMPLE_RATE).isEmpty()) {
                throw badParameter("sample_rate", "given to write a sound file", "none");
            }
        }

        /** Channels of the sound. */
        public int channels() {
            return shape.items();
        }

        public int sampleRate() {
            return Transform.rate(parameters);
        }

        private long bytes() {
            TransformCost cost = new TransformCost(geometry, kernels.transform(), threads);
            long plane = cost.plane(blocks.longest());
            // A channel's samples wait until all channels have theirs, in an array that grows.
            long samples = 2L * Float.BYTES * geometry.defaultLength(blocks.longest());
            long bytes = plane
                    + 2 * NpyFrames.buffer()
                    + BlockwiseReconstructor.bytes(Algorithm.parse(algorithm), reconstruction, blocks, cost)
                    + channels() * (samples + BlockwiseReconstructor.held(blocks, cost));
            return (long) (bytes * HeapRegions.times(plane));
        }

        /**
         * Writes the samples of all blocks.
         *
         * @param progress hears of the iterations, each block's as a part of its channel's
         * @return the report, on what was written
         */
        public Map<String, Object> run(
                NpyFrames.Data data,
                MagnitudeScan scan,
                MemoryBudget.Reservation memory,
                Stream compute,
                AudioWriter out,
                Progress progress)
                throws IOException {
            memory.add(bytes(), "each block (smaller with a smaller phasor.blocks.size)");
            Stft stft = compute.call(() -> transform.ofSpectrogram(parameters, shape, report));
            ChannelsInStep sound = new ChannelsInStep(channels(), 0, out);
            BlockwiseReconstructor[] all = new BlockwiseReconstructor[channels()];
            compute.run(() -> Arrays.setAll(
                    all,
                    item -> new BlockwiseReconstructor(
                            Algorithm.parse(algorithm),
                            kernels,
                            reconstruction,
                            item,
                            blocks,
                            length,
                            sound.of(item))));
            report.fade(stft.checkInvertible(array.frames(), length));
            progress.begins(
                    channels(),
                    Workload.even(Algorithm.parse(algorithm).iterative() ? reconstruction.iterations() : 0));
            for (int block = 0; block < blocks.count(); block++) {
                int from = blocks.from(block);
                float[] plane = new float[array.bins() * (blocks.to(block) - from)];
                for (int item = 0; item < all.length; item++) {
                    array.read(data, item, from, plane);
                    BlockwiseReconstructor reconstructor = all[item];
                    boolean first = block == 0 && item == 0;
                    compute.run(() -> {
                        amplitudes(plane);
                        if (first) {
                            look(plane);
                        }
                        reconstructor.push(plane, progress);
                    });
                }
                sound.write();
            }
            for (boolean more = true; more; ) {
                more = compute.call(() -> {
                    boolean left = false;
                    for (BlockwiseReconstructor reconstructor : all) {
                        left = reconstructor.rest();
                    }
                    return left;
                });
                sound.write();
            }
            List<Outcome> outcomes = compute.call(
                    () -> Arrays.stream(all).map(BlockwiseReconstructor::end).toList());
            put(outcomes, scan.zeros());
            return report.audio(sampleRate(), length).peak(sound.peak()).finish();
        }

        private void amplitudes(float[] plane) {
            if (parameters.get(Parameter.POWER) != 1) {
                Ranges.forEach(plane.length, plane.length, 1, (from, to) -> {
                    for (int i = from; i < to; i++) {
                        plane[i] = (float) Math.sqrt(plane[i]);
                    }
                });
            }
        }

        private void look(float[] plane) {
            SpectrogramShape part = new SpectrogramShape(Shape.SCALAR, shape.bins(), plane.length / shape.bins());
            MagnitudeSpectrogram first = new MagnitudeSpectrogram(part, new float[][] {plane});
            Plausibility.magnitude(first, shape, parameters.has(Parameter.N_FFT), report);
            Plausibility.peaks(first, geometry, report);
        }

        private void put(List<Outcome> outcomes, long zeros) {
            Shape leading = shape.leading();
            List<Double> convergence = outcomes.stream()
                    .map(outcome -> outcome.accuracy().spectralConvergenceDb())
                    .toList();
            List<Double> inconsistency = outcomes.stream()
                    .map(outcome -> outcome.accuracy().inconsistencyDb())
                    .toList();
            int iterations =
                    outcomes.stream().mapToInt(Outcome::iterations).max().orElse(0);
            report.put("algorithm", Parameters.wire(outcomes.get(0).algorithm()))
                    .put("iterations", iterations)
                    .put("converged", outcomes.stream().allMatch(Outcome::converged))
                    .put("seed", reconstruction.seed())
                    .put("blocks", blocks.count())
                    .put("spectral_convergence_db", KnownPhase.perItem(convergence, leading))
                    .put("inconsistency_db", KnownPhase.perItem(inconsistency, leading))
                    .put("singular_bins", zeros);
            if (outcomes.stream().anyMatch(Outcome::cancelled)) {
                report.put("cancelled", true);
            }
            Plausibility.convergence(iterations, convergence, report);
        }
    }

    /** @throws dev.phasor.signal.InvalidInputException where blocks cannot do what is asked for */
    public Task task(NpyFrames array, Parameters parameters) {
        return new Task(array, parameters);
    }
}
