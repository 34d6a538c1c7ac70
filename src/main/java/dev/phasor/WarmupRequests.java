package dev.phasor;

import dev.phasor.codec.NpyArray;
import dev.phasor.codec.NpyWriter;
import dev.phasor.codec.NpzWriter;
import dev.phasor.codec.WavEncoding;
import dev.phasor.codec.WavWriter;
import dev.phasor.operation.Endpoint;
import dev.phasor.operation.Input;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** What a {@link Warmup} sends: requests on a second of noise. */
final class WarmupRequests {

    private static final int RATE = 16_000;
    private static final int FFT_SIZE = 1024;
    private static final int HOP = 256;
    private static final int BINS = FFT_SIZE / 2 + 1;
    private static final int FRAMES = RATE / HOP + 1;
    private static final int MELS = 80;

    /** Frames of a training step, whose loss has many frames of its own for each. */
    private static final int FEW = 13;

    /** The transform of all of them. */
    static final Map<String, String> STFT = Map.of("n_fft", "" + FFT_SIZE, "hop_length", "" + HOP);

    private static final String WAV = "audio/wav";
    private static final String NPY = "application/x-npy";
    private static final String NPZ = "application/x-npz";

    private WarmupRequests() {}

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

    /** Magnitudes, as live sessions are sent them. */
    static List<byte[]> frames() {
        ByteBuffer values = ByteBuffer.allocate(Float.BYTES * BINS * FRAMES).order(ByteOrder.LITTLE_ENDIAN);
        values.asFloatBuffer().put(magnitudes());
        return IntStream.range(0, FRAMES)
                .mapToObj(frame -> Arrays.copyOfRange(
                        values.array(), Float.BYTES * BINS * frame, Float.BYTES * BINS * (frame + 1)))
                .toList();
    }

    /** A request or two to each operation. */
    static List<Request> all() throws IOException {
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
        return List.of(
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
                        fewRounds));
    }

    /** A frame's phase. */
    static Request small() throws IOException {
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
