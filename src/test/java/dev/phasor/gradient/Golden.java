package dev.phasor.gradient;

import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.MagnitudeSpectrogram;
import dev.phasor.signal.RealSpectrogram;
import dev.phasor.signal.Shape;
import dev.phasor.signal.SpectrogramShape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipInputStream;

/** The arrays that {@code src/test/golden/gradient.py} wrote: [item, sample], [item, frame, bin], or one double. */
final class Golden {

    private static final Map<String, ByteBuffer> ARRAYS = read("/golden/gradient/gradient.npz");

    private Golden() {}

    private static Map<String, ByteBuffer> read(String resource) {
        Map<String, ByteBuffer> arrays = new HashMap<>();
        try (var zip = new ZipInputStream(Objects.requireNonNull(Golden.class.getResourceAsStream(resource)))) {
            for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                arrays.put(
                        entry.getName().replace(".npy", ""),
                        ByteBuffer.wrap(zip.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return arrays;
    }

    private static ByteBuffer array(String name) {
        return Objects.requireNonNull(ARRAYS.get(name), name);
    }

    /** Where the data of an NPY file of version 1 starts. */
    private static int dataStart(ByteBuffer npy) {
        return 10 + npy.getShort(8);
    }

    private static int[] shape(String name) {
        var npy = array(name);
        String header =
                StandardCharsets.US_ASCII.decode(npy.slice(10, npy.getShort(8))).toString();
        String sizes = header.replaceAll("(?s).*\\(([^)]*)\\).*", "$1");
        return Arrays.stream(sizes.split(","))
                .map(String::strip)
                .mapToInt(Integer::parseInt)
                .toArray();
    }

    static double number(String name) {
        return array(name).getDouble(dataStart(array(name)));
    }

    private static float[][] items(String name) {
        int items = shape(name)[0];
        var npy = array(name);
        var data = npy.slice(dataStart(npy), npy.capacity() - dataStart(npy))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        float[][] planes = new float[items][data.remaining() / items];
        for (float[] plane : planes) {
            data.get(plane);
        }
        return planes;
    }

    private static SpectrogramShape spectrogramShape(String name) {
        int[] sizes = shape(name);
        return new SpectrogramShape(Shape.of(sizes[0]), sizes[2], sizes[1]);
    }

    static AudioSignal audio(String name) {
        return new AudioSignal(Shape.of(shape(name)[0]), items(name), AudioSignal.UNKNOWN_RATE);
    }

    static ComplexSpectrogram spectrogram(String name) {
        return new ComplexSpectrogram(spectrogramShape(name + "_re"), items(name + "_re"), items(name + "_im"));
    }

    static MagnitudeSpectrogram magnitude(String name) {
        return new MagnitudeSpectrogram(spectrogramShape(name), items(name));
    }

    static RealSpectrogram real(String name) {
        return new RealSpectrogram(spectrogramShape(name), items(name));
    }
}
