package dev.phasor.gradient;

import dev.phasor.Golden;
import dev.phasor.codec.NpyArray;
import dev.phasor.codec.NpyBytes;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.MagnitudeSpectrogram;
import dev.phasor.signal.RealSpectrogram;
import dev.phasor.signal.Shape;
import dev.phasor.signal.SpectrogramShape;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipInputStream;

/**
 * The arrays that {@code src/test/golden/gradient.py} and {@code mel_gradient.py} wrote: [item, sample], [item, frame,
 * bin], or one double.
 */
final class GoldenGradients {

    private static final Map<String, byte[]> FILES = files();

    private GoldenGradients() {}

    /** More of them than a request may hold. */
    private static Map<String, byte[]> files() {
        Map<String, byte[]> files = new HashMap<>();
        for (String file : List.of("gradient/gradient.npz", "gradient/mel.npz")) {
            try (var zip = new ZipInputStream(new ByteArrayInputStream(Golden.bytes(file)))) {
                for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                    files.put(entry.getName().replace(".npy", ""), zip.readAllBytes());
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return files;
    }

    private static byte[] file(String name) {
        return Objects.requireNonNull(FILES.get(name), name);
    }

    private static NpyArray array(String name) {
        try {
            return NpyBytes.read(file(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All its digits, which an array of floats would not keep. */
    static double number(String name) {
        byte[] npy = file(name);
        return ByteBuffer.wrap(npy).order(ByteOrder.LITTLE_ENDIAN).getDouble(npy.length - Double.BYTES);
    }

    private static float[][] items(NpyArray array) {
        float[][] items = new float[array.shape().size(0)][];
        int size = array.real().length / items.length;
        Arrays.setAll(items, item -> Arrays.copyOfRange(array.real(), item * size, (item + 1) * size));
        return items;
    }

    private static SpectrogramShape spectrogramShape(NpyArray array) {
        Shape shape = array.shape();
        return new SpectrogramShape(Shape.of(shape.size(0)), shape.size(2), shape.size(1));
    }

    static AudioSignal audio(String name) {
        NpyArray array = array(name);
        return new AudioSignal(Shape.of(array.shape().size(0)), items(array), AudioSignal.UNKNOWN_RATE);
    }

    static ComplexSpectrogram spectrogram(String name) {
        NpyArray re = array(name + "_re");
        return new ComplexSpectrogram(spectrogramShape(re), items(re), items(array(name + "_im")));
    }

    static MagnitudeSpectrogram magnitude(String name) {
        NpyArray array = array(name);
        return new MagnitudeSpectrogram(spectrogramShape(array), items(array));
    }

    static RealSpectrogram real(String name) {
        NpyArray array = array(name);
        return new RealSpectrogram(spectrogramShape(array), items(array));
    }
}
