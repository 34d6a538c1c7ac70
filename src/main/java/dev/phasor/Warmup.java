package dev.phasor;

import dev.phasor.codec.NpyArray;
import dev.phasor.codec.NpyWriter;
import dev.phasor.codec.NpzWriter;
import dev.phasor.codec.WavEncoding;
import dev.phasor.codec.WavWriter;
import dev.phasor.compute.BusyException;
import dev.phasor.operation.Endpoint;
import dev.phasor.operation.Input;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.Shape;
import dev.phasor.web.access.ApiKeys;
import dev.phasor.web.audio.Rehearsal;
import dev.phasor.web.session.LiveRehearsal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;

/**
 * Runs every operation on a second of noise, from bytes to bytes, and a live session through each face, before the
 * service is ready, so that no client waits for the compiler. Spring reports readiness when this has ended: when a
 * round takes no less than the best one before, or the time is over.
 */
final class Warmup implements ApplicationRunner {

    private static final Logger log = LoggerFactory.getLogger(Warmup.class);

    private static final int RATE = 16_000;
    private static final int FFT_SIZE = 1024;
    private static final int HOP = 256;
    private static final int BINS = FFT_SIZE / 2 + 1;
    private static final int FRAMES = RATE / HOP + 1;
    private static final int MELS = 80;

    /** Frames of a training step, whose loss has many frames of its own for each. */
    private static final int FEW = 13;

    /** A round is as fast as it gets when it is at most this much faster than the best one before. */
    private static final double SETTLED = 0.9;

    private static final int LEAST_ROUNDS = 4;

    /** Small requests between operations: what surrounds these is compiled by calls, not by the values in them. */
    private static final int SMALL = 10;

    private static final Map<String, String> STFT = Map.of("n_fft", "" + FFT_SIZE, "hop_length", "" + HOP);

    private static final String WAV = "audio/wav";
    private static final String NPY = "application/x-npy";
    private static final String NPZ = "application/x-npz";

    private final Rehearsal rehearsal;
    private final PortRehearsal port;
    private final List<LiveRehearsal> live;
    private final ApiKeys keys;
    private final Duration atMost;

    Warmup(Rehearsal rehearsal, PortRehearsal port, List<LiveRehearsal> live, ApiKeys keys, Duration atMost) {
        this.rehearsal = rehearsal;
        this.port = port;
        this.live = live;
        this.keys = keys;
        this.atMost = atMost;
    }

    /**
     * One request, as bytes.
     *
     * @param isLong whether its body flows
     */
    record Request(Endpoint endpoint, String type, byte[] body, Map<String, String> parameters, boolean isLong) {

        Request(Endpoint endpoint, String type, byte[] body, Map<String, String> parameters) {
            this(endpoint, type, body, parameters, false);
        }
    }

    /** What is run in each round. */
    private record Step(String name, Work work) {

        /** May take so long. */
        @FunctionalInterface
        interface Work {
            void run(Duration atMost) throws Exception;
        }
    }

    @Override
    public void run(ApplicationArguments arguments) throws Exception {
        if (atMost.isZero()) {
            return;
        }
        try (ApiKeys.Own key = keys.own()) {
            warm(steps(key.secret()));
        }
    }

    private void warm(List<Step> steps) throws Exception {
        long start = System.nanoTime();
        double best = Double.POSITIVE_INFINITY;
        int rounds = 0;
        while (true) {
            long began = System.nanoTime();
            for (Step step : List.copyOf(steps)) {
                if (steps.contains(step) && !runs(step, start)) {
                    steps.removeIf(step::equals);
                }
                if (left(start).isNegative()) {
                    log.info("warm after {} s (phasor.warmup), {} rounds", atMost.toMillis() / 1e3, rounds);
                    return;
                }
            }
            double seconds = (System.nanoTime() - began) / 1e9;
            rounds++;
            if (rounds >= LEAST_ROUNDS && seconds > SETTLED * best) {
                log.info("warm after {} s, {} rounds", (System.nanoTime() - start) / 1_000_000 / 1e3, rounds);
                return;
            }
            best = Math.min(best, seconds);
        }
    }

    private Duration left(long start) {
        return atMost.minusNanos(System.nanoTime() - start);
    }

    /**
     * Whether a step was taken, or had no time left. One that the settings refuse, or that has no place now, is left
     * out; so is a live session that cannot be had, whatever stands between the service and its own port.
     */
    private boolean runs(Step step, long start) throws Exception {
        try {
            step.work().run(left(start));
            return true;
        } catch (TimeoutException e) {
            return true;
        } catch (InvalidInputException | BusyException | NoWay e) {
            log.info("{} is not warmed: {}", step.name(), e.getMessage());
            return false;
        }
    }

    /** Live sessions come first: who listens to one hears whatever is late. */
    private List<Step> steps(String key) throws IOException {
        List<Step> steps = new ArrayList<>();
        List<byte[]> frames = frames();
        for (LiveRehearsal face : live) {
            steps.add(new Step(face.name(), left -> throughPort(() -> face.play(key, STFT, frames, left))));
        }
        Request small = small();
        Step beside = new Step("/v1", left -> throughPort(() -> port.post(key, small, SMALL, left)));
        for (Request request : requests()) {
            steps.add(new Step(
                    request.endpoint().wireName(),
                    left -> rehearsal.run(
                            request.endpoint(),
                            request.type(),
                            request.body(),
                            request.parameters(),
                            request.isLong())));
            steps.add(beside);
        }
        return steps;
    }

    /** What goes through the service's own port. */
    @FunctionalInterface
    private interface Visit {
        void pay() throws Exception;
    }

    private static void throughPort(Visit visit) throws Exception {
        try {
            visit.pay();
        } catch (TimeoutException | InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw new NoWay(e);
        }
    }

    private static final class NoWay extends Exception {
        NoWay(Exception cause) {
            super(String.valueOf(cause.getCause() == null ? cause : cause.getCause()), cause);
        }
    }

    /** Magnitudes, as live sessions are sent them. */
    private static List<byte[]> frames() {
        ByteBuffer values = ByteBuffer.allocate(Float.BYTES * BINS * FRAMES).order(ByteOrder.LITTLE_ENDIAN);
        values.asFloatBuffer().put(magnitudes());
        return IntStream.range(0, FRAMES)
                .mapToObj(frame -> Arrays.copyOfRange(
                        values.array(), Float.BYTES * BINS * frame, Float.BYTES * BINS * (frame + 1)))
                .toList();
    }

    static List<Request> requests() throws IOException {
        byte[] wav = wav();
        NpyArray audio = NpyArray.real(Shape.of(RATE), samples(RATE));
        NpyArray z = NpyArray.complex(Shape.of(BINS, FRAMES), noise(1, BINS * FRAMES), noise(2, BINS * FRAMES));
        byte[] spectrogram = npy(z);
        byte[] magnitude = npy(NpyArray.real(Shape.of(BINS, FRAMES), magnitudes()));
        NpyArray mel = NpyArray.real(Shape.of(MELS, FRAMES), Arrays.copyOf(magnitudes(), MELS * FRAMES));
        NpyArray cotangent = NpyArray.real(Shape.of(BINS, FRAMES), noise(5, BINS * FRAMES));
        NpyArray few = NpyArray.complex(Shape.of(BINS, FEW), noise(1, BINS * FEW), noise(2, BINS * FEW));
        NpyArray target = NpyArray.real(Shape.of(HOP * (FEW - 1)), samples(HOP * (FEW - 1)));
        NpyArray sources = NpyArray.real(Shape.of(2, BINS, FRAMES), sources());
        NpyArray cotangents = NpyArray.real(Shape.of(2, RATE), noise(8, 2 * RATE));
        Map<String, String> atRate = with(STFT, "sample_rate", "" + RATE);
        Map<String, String> mels = with(atRate, "n_mels", "" + MELS);
        Map<String, String> fewRounds = with(STFT, "n_iter", "4");
        List<Request> requests = new ArrayList<>(List.of(
                new Request(Endpoint.RECONSTRUCT, WAV, wav, STFT),
                new Request(Endpoint.RECONSTRUCT, WAV, wav, STFT, true),
                new Request(Endpoint.RECONSTRUCT, NPY, magnitude, with(atRate, "n_iter", "16")),
                // What live sessions run, too.
                new Request(Endpoint.RECONSTRUCT, NPY, magnitude, with(atRate, "algorithm", "live")),
                new Request(Endpoint.RECONSTRUCT, NPY, spectrogram, atRate),
                new Request(Endpoint.STFT, WAV, wav, STFT),
                new Request(Endpoint.MEL, WAV, wav, with(STFT, "n_mels", "" + MELS)),
                new Request(Endpoint.MEL_VJP, NPZ, npz(Map.of(Input.AUDIO, audio, Input.COTANGENT, mel)), mels),
                new Request(Endpoint.RECONSTRUCT, NPZ, npz(Map.of(Input.MEL, mel)), with(mels, "n_iter", "8")),
                new Request(Endpoint.ISTFT, NPY, byFrame(), atRate, true),
                new Request(Endpoint.PHASE, NPY, spectrogram, Map.of()),
                new Request(Endpoint.PHASE, WAV, wav, Map.of()),
                new Request(
                        Endpoint.PHASE_VJP,
                        NPZ,
                        npz(Map.of(Input.SPECTROGRAM, z, Input.COTANGENT, cotangent)),
                        Map.of()),
                new Request(Endpoint.PHASE_DIAGNOSE, NPY, spectrogram, Map.of()),
                new Request(Endpoint.EVALUATE, NPZ, npz(Map.of(Input.AUDIO, audio, Input.REFERENCE, audio)), STFT),
                new Request(
                        Endpoint.RECONSTRUCT_VJP,
                        NPZ,
                        npz(Map.of(Input.SPECTROGRAM, few, Input.TARGET, target)),
                        with(STFT, "loss", "multi_resolution_stft")),
                new Request(Endpoint.STRETCH, WAV, wav, with(fewRounds, "rate", "0.8")),
                new Request(
                        Endpoint.SEPARATE,
                        NPZ,
                        npz(Map.of(Input.AUDIO, audio, Input.MAGNITUDE, sources)),
                        with(fewRounds, "sample_rate", "" + RATE)),
                new Request(
                        Endpoint.SEPARATE_VJP,
                        NPZ,
                        npz(Map.of(Input.AUDIO, audio, Input.MAGNITUDE, sources, Input.COTANGENT, cotangents)),
                        fewRounds)));
        return requests;
    }

    /** A frame's phase. */
    private static Request small() throws IOException {
        byte[] frame = npy(NpyArray.complex(Shape.of(BINS, 1), noise(3, BINS), noise(4, BINS)));
        return new Request(Endpoint.PHASE, NPY, frame, Map.of());
    }

    private static Map<String, String> with(Map<String, String> parameters, String name, String value) {
        Map<String, String> all = new HashMap<>(parameters);
        all.put(name, value);
        return all;
    }

    private static byte[] npy(NpyArray array) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        NpyWriter.write(array, out);
        return out.toByteArray();
    }

    /** A spectrogram in numpy's Fortran order, whose frames flow. */
    private static byte[] byFrame() {
        byte[] header = NpyWriter.columnMajorHeader(true, BINS, FRAMES);
        ByteBuffer npy = ByteBuffer.allocate(header.length + 2 * Float.BYTES * BINS * FRAMES)
                .order(ByteOrder.LITTLE_ENDIAN);
        npy.put(header).asFloatBuffer().put(noise(9, 2 * BINS * FRAMES));
        return npy.array();
    }

    private static byte[] npz(Map<Input, NpyArray> inputs) throws IOException {
        Map<String, NpyArray> arrays = new TreeMap<>();
        inputs.forEach((input, array) -> arrays.put(input.wireName(), array));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        NpzWriter.write(arrays, Map.of(), out);
        return out.toByteArray();
    }

    private static byte[] wav() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        WavWriter.write(AudioSignal.mono(samples(RATE), RATE), WavEncoding.PCM16, out);
        return out.toByteArray();
    }

    private static float[] samples(int length) {
        float[] samples = noise(6, length);
        for (int i = 0; i < length; i++) {
            samples[i] *= 0.1f;
        }
        return samples;
    }

    private static float[] magnitudes() {
        float[] magnitudes = noise(7, BINS * FRAMES);
        for (int i = 0; i < magnitudes.length; i++) {
            magnitudes[i] = Math.abs(magnitudes[i]);
        }
        return magnitudes;
    }

    /** Two of them. */
    private static float[] sources() {
        float[] one = magnitudes();
        float[] both = Arrays.copyOf(one, 2 * one.length);
        System.arraycopy(one, 0, both, one.length, one.length);
        return both;
    }

    private static float[] noise(long seed, int length) {
        Random random = new Random(seed);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
