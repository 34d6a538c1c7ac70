package dev.phasor;

import dev.phasor.codec.CodecLimits;
import dev.phasor.codec.NpyArray;
import dev.phasor.codec.NpyReader;
import dev.phasor.codec.NpyWriter;
import dev.phasor.codec.WavEncoding;
import dev.phasor.codec.WavReader;
import dev.phasor.codec.WavWriter;
import dev.phasor.compute.BusyException;
import dev.phasor.compute.MemoryBudget;
import dev.phasor.operation.Answer;
import dev.phasor.operation.Call;
import dev.phasor.operation.Endpoint;
import dev.phasor.operation.Input;
import dev.phasor.operation.Inputs;
import dev.phasor.operation.Maxima;
import dev.phasor.operation.Operations;
import dev.phasor.operation.Parameters;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.Shape;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;

/**
 * Runs every operation on a second of noise, from bytes to bytes, before the service is ready, so that no client waits
 * for the compiler. Spring reports readiness when this has ended: when a round takes no less than the best one before,
 * or the time is over.
 */
final class Warmup implements ApplicationRunner {

    private static final Logger log = LoggerFactory.getLogger(Warmup.class);

    private static final int RATE = 16_000;
    private static final int FFT_SIZE = 1024;
    private static final int HOP = 256;
    private static final int BINS = FFT_SIZE / 2 + 1;
    private static final int FRAMES = RATE / HOP + 1;
    private static final int MELS = 80;

    /** A round is as fast as it gets when it is at most this much faster than the best one before. */
    private static final double SETTLED = 0.9;

    private static final int LEAST_ROUNDS = 4;

    /** Small requests in a round: what surrounds an operation is compiled by calls, not by the values in them. */
    private static final int SMALL = 20;

    private final Operations operations;
    private final MemoryBudget budget;
    private final Maxima maxima;
    private final Duration atMost;

    /** @param operations of which nobody hears */
    Warmup(Operations operations, MemoryBudget budget, Maxima maxima, Duration atMost) {
        this.operations = operations;
        this.budget = budget;
        this.maxima = maxima;
        this.atMost = atMost;
    }

    /** One request, as bytes. */
    record Request(Endpoint endpoint, Map<Input, byte[]> inputs, Map<String, String> parameters) {}

    @Override
    public void run(ApplicationArguments arguments) throws IOException {
        if (atMost.isZero()) {
            return;
        }
        List<Request> requests = requests();
        long start = System.nanoTime();
        double best = Double.POSITIVE_INFINITY;
        int rounds = 0;
        while (true) {
            long began = System.nanoTime();
            for (Request request : List.copyOf(requests)) {
                if (!runs(request)) {
                    requests.remove(request);
                }
                if (System.nanoTime() - start > atMost.toNanos()) {
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

    /** Whether a request was answered. One that the settings refuse, or that has no place now, is left out. */
    private boolean runs(Request request) throws IOException {
        try {
            run(request);
            return true;
        } catch (InvalidInputException | BusyException e) {
            log.info("{} is not warmed: {}", request.endpoint().wireName(), e.getMessage());
            return false;
        }
    }

    private void run(Request request) throws IOException {
        Inputs inputs = new Inputs();
        CodecLimits limits = new CodecLimits(CodecLimits.LARGEST);
        for (Map.Entry<Input, byte[]> entry : request.inputs().entrySet()) {
            ByteArrayInputStream in = new ByteArrayInputStream(entry.getValue());
            if (entry.getValue()[0] == 'R') {
                inputs.put(entry.getKey(), WavReader.readAll(in, limits));
            } else {
                inputs.put(entry.getKey(), NpyReader.read(in, limits));
            }
        }
        Parameters parameters = new Parameters(request.endpoint(), request.parameters(), maxima);
        try (MemoryBudget.Reservation memory = budget.open("warmup")) {
            Answer answer = operations.run(request.endpoint(), new Call(inputs, parameters, memory), () -> false);
            for (NpyArray array : answer.arrays().values()) {
                NpyWriter.write(array, OutputStream.nullOutputStream());
            }
            AudioSignal audio = answer.audio();
            if (audio != null && audio.sampleRate() != AudioSignal.UNKNOWN_RATE) {
                WavWriter.write(audio, WavEncoding.FLOAT32, OutputStream.nullOutputStream());
            }
        }
    }

    static List<Request> requests() throws IOException {
        byte[] wav = wav();
        byte[] spectrogram =
                npy(NpyArray.complex(Shape.of(BINS, FRAMES), noise(1, BINS * FRAMES), noise(2, BINS * FRAMES)));
        byte[] column = npy(NpyArray.complex(Shape.of(BINS, 1), noise(3, BINS), noise(4, BINS)));
        byte[] magnitude = npy(NpyArray.real(Shape.of(BINS, FRAMES), magnitudes()));
        byte[] mel = npy(NpyArray.real(Shape.of(MELS, FRAMES), Arrays.copyOf(magnitudes(), MELS * FRAMES)));
        byte[] cotangent = npy(NpyArray.real(Shape.of(BINS, FRAMES), noise(5, BINS * FRAMES)));
        byte[] target = npy(NpyArray.real(Shape.of(HOP * (FRAMES - 1)), samples(HOP * (FRAMES - 1))));
        byte[] sources = npy(NpyArray.real(Shape.of(2, BINS, FRAMES), sources()));
        byte[] cotangents = npy(NpyArray.real(Shape.of(2, RATE), noise(8, 2 * RATE)));
        Map<String, String> stft = Map.of("n_fft", "" + FFT_SIZE, "hop_length", "" + HOP);
        Map<String, String> few = with(stft, "n_iter", "4");
        List<Request> requests = new ArrayList<>(List.of(
                new Request(Endpoint.RECONSTRUCT, Map.of(Input.FILE, wav), stft),
                new Request(Endpoint.RECONSTRUCT, Map.of(Input.FILE, magnitude), with(stft, "n_iter", "16")),
                // What live sessions run, too.
                new Request(Endpoint.RECONSTRUCT, Map.of(Input.FILE, magnitude), with(stft, "algorithm", "live")),
                new Request(Endpoint.RECONSTRUCT, Map.of(Input.FILE, spectrogram), stft),
                new Request(Endpoint.STFT, Map.of(Input.FILE, wav), stft),
                new Request(Endpoint.MEL, Map.of(Input.FILE, wav), with(stft, "n_mels", "" + MELS)),
                new Request(
                        Endpoint.MEL_VJP,
                        Map.of(Input.AUDIO, wav, Input.COTANGENT, mel),
                        with(stft, "n_mels", "" + MELS)),
                new Request(
                        Endpoint.RECONSTRUCT,
                        Map.of(Input.MEL, mel),
                        with(with(with(stft, "n_mels", "" + MELS), "sample_rate", "" + RATE), "n_iter", "8")),
                new Request(Endpoint.ISTFT, Map.of(Input.FILE, spectrogram), with(stft, "sample_rate", "" + RATE)),
                new Request(Endpoint.PHASE, Map.of(Input.FILE, spectrogram), Map.of()),
                new Request(Endpoint.PHASE, Map.of(Input.FILE, wav), Map.of()),
                new Request(
                        Endpoint.PHASE_VJP,
                        Map.of(Input.SPECTROGRAM, spectrogram, Input.COTANGENT, cotangent),
                        Map.of()),
                new Request(Endpoint.PHASE_DIAGNOSE, Map.of(Input.FILE, spectrogram), Map.of()),
                new Request(Endpoint.EVALUATE, Map.of(Input.AUDIO, wav, Input.REFERENCE, wav), stft),
                new Request(
                        Endpoint.RECONSTRUCT_VJP,
                        Map.of(Input.SPECTROGRAM, spectrogram, Input.TARGET, target),
                        with(stft, "loss", "multi_resolution_stft")),
                new Request(Endpoint.SEPARATE, Map.of(Input.AUDIO, wav, Input.MAGNITUDE, sources), few),
                new Request(
                        Endpoint.SEPARATE_VJP,
                        Map.of(Input.AUDIO, wav, Input.MAGNITUDE, sources, Input.COTANGENT, cotangents),
                        few)));
        for (int i = 0; i < SMALL; i++) {
            requests.add(new Request(Endpoint.PHASE, Map.of(Input.FILE, column), Map.of()));
        }
        return requests;
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
