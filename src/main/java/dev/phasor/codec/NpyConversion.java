package dev.phasor.codec;

import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.ComplexRows;
import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.signal.PlaneOrder;
import dev.phasor.signal.RealSpectrogram;
import dev.phasor.signal.Shape;
import dev.phasor.signal.SpectrogramShape;
import java.util.Arrays;

/** Converts between arrays [..., bins, frames] and the signal values, whose planes are [frame][bin]. */
final class NpyConversion {

    /**
     * The most items. Every item is an array of its own: millions of tiny arrays would take many times the file's
     * memory.
     */
    static final int MAX_ITEMS = 1 << 16;

    private NpyConversion() {}

    static NpyArray of(AudioSignal audio) {
        int length = audio.length();
        if (audio.items() == 1) {
            return NpyArray.real(audio.shape(), audio.samples(0));
        }
        float[] values = new float[audio.shape().count()];
        for (int item = 0; item < audio.items(); item++) {
            System.arraycopy(audio.samples(item), 0, values, item * length, length);
        }
        return NpyArray.real(audio.shape(), values);
    }

    static AudioSignal toAudio(NpyArray array, int sampleRate) {
        if (array.isComplex() || array.shape().rank() == 0) {
            throw mismatch(array.name("audio") + " must be float [..., samples]", array);
        }
        int length = array.shape().size(-1);
        Shape leading = leading(array, 1);
        float[] values = array.real();
        int items = leading.count();
        float[][] samples = new float[items][];
        if (items == 1) {
            samples[0] = values;
        } else if (array.isColumnMajor() && length > 0) {
            // Without a row-major copy beside the channels.
            for (int i = 0; i < items; i++) {
                samples[array.rowMajor(i) / length] = everyNth(values, i, items, length);
            }
        } else {
            Arrays.setAll(samples, item -> Arrays.copyOfRange(values, item * length, (item + 1) * length));
        }
        return new AudioSignal(leading, samples, sampleRate);
    }

    private static float[] everyNth(float[] values, int first, int step, int count) {
        float[] every = new float[count];
        for (int i = 0; i < count; i++) {
            every[i] = values[first + i * step];
        }
        return every;
    }

    static NpyArray of(RealSpectrogram spectrogram) {
        SpectrogramShape shape = spectrogram.shape();
        float[] values = new float[shape.shape().count()];
        for (int item = 0; item < shape.items(); item++) {
            toRows(spectrogram.values(item), shape, values, item);
        }
        return NpyArray.real(shape.shape(), values);
    }

    static RealSpectrogram toRealSpectrogram(NpyArray array) {
        return toRealElements(array, PlaneOrder.FRAMES_FIRST);
    }

    static NpyArray of(ComplexSpectrogram spectrogram, SpectrogramLayout layout) {
        SpectrogramShape shape = spectrogram.shape();
        int count = shape.shape().count();
        if (layout == SpectrogramLayout.COMPLEX) {
            float[] re = new float[count];
            float[] im = new float[count];
            for (int item = 0; item < shape.items(); item++) {
                toRows(spectrogram.re(item), shape, re, item);
                toRows(spectrogram.im(item), shape, im, item);
            }
            return NpyArray.complex(shape.shape(), re, im);
        }
        Shape subbands = shape.leading().plus(2, shape.bins(), shape.frames());
        float[] values = new float[subbands.count()];
        for (int item = 0; item < shape.items(); item++) {
            toRows(spectrogram.re(item), shape, values, 2 * item);
            toRows(spectrogram.im(item), shape, values, 2 * item + 1);
        }
        return NpyArray.real(subbands, values);
    }

    static ComplexSpectrogram toComplexSpectrogram(NpyArray array, SpectrogramLayout layout) {
        SpectrogramShape shape = complexShape(array, layout);
        if (array.isColumnMajor()) {
            return toComplexRows(array, layout).elements();
        }
        return layout == SpectrogramLayout.COMPLEX
                ? new ComplexSpectrogram(
                        shape, toPlanes(array.real(), shape, 0, 1), toPlanes(array.imaginary(), shape, 0, 1))
                : new ComplexSpectrogram(
                        shape, toPlanes(array.real(), shape, 0, 2), toPlanes(array.real(), shape, 1, 2));
    }

    static ComplexRows toComplexRows(NpyArray array, SpectrogramLayout layout) {
        SpectrogramShape shape = complexShape(array, layout);
        return layout == SpectrogramLayout.COMPLEX
                ? ComplexRows.of(shape, array.planeOrder(), array.real(), array.imaginary())
                : ComplexRows.ofSubbands(shape, array.real());
    }

    static RealSpectrogram toRealElements(NpyArray array, PlaneOrder order) {
        SpectrogramShape shape = realShape(array);
        if (order == PlaneOrder.FRAMES_FIRST && !array.isColumnMajor()) {
            return new RealSpectrogram(shape, toPlanes(array.real(), shape, 0, 1));
        }
        float[] values =
                order == array.planeOrder() ? array.real() : array.rowMajor().real();
        float[][] planes = new float[shape.items()][];
        if (planes.length == 1) {
            planes[0] = values;
        } else {
            int size = shape.planeSize();
            Arrays.setAll(planes, item -> Arrays.copyOfRange(values, item * size, (item + 1) * size));
        }
        return new RealSpectrogram(order.planes(shape), planes);
    }

    static NpyArray ofElements(RealSpectrogram elements, PlaneOrder order) {
        SpectrogramShape shape = order.planes(elements.shape());
        return NpyArray.real(shape.shape(), joined(elements)).in(order);
    }

    private static float[] joined(RealSpectrogram elements) {
        if (elements.items() == 1) {
            return elements.values(0);
        }
        int size = elements.shape().planeSize();
        float[] values = new float[Math.multiplyExact(elements.items(), size)];
        for (int item = 0; item < elements.items(); item++) {
            System.arraycopy(elements.values(item), 0, values, item * size, size);
        }
        return values;
    }

    private static SpectrogramShape realShape(NpyArray array) {
        String rule = array.name("spectrogram") + " must be float [..., bins, frames]";
        require(!array.isComplex() && !array.dtype().isInteger(), rule, array);
        return spectrogramShape(array, 2, rule);
    }

    private static SpectrogramShape complexShape(NpyArray array, SpectrogramLayout layout) {
        if (layout == SpectrogramLayout.COMPLEX) {
            String rule =
                    array.name("spectrogram") + " must be complex [..., bins, frames] (or float with layout=subbands)";
            require(array.isComplex(), rule, array);
            return spectrogramShape(array, 2, rule);
        }
        String rule = array.name("spectrogram") + " of layout=subbands must be float [..., 2, bins, frames]";
        require(!array.isComplex() && !array.dtype().isInteger(), rule, array);
        SpectrogramShape shape = spectrogramShape(array, 3, rule);
        require(array.shape().size(-3) == 2, rule, array);
        return shape;
    }

    private static SpectrogramShape spectrogramShape(NpyArray array, int axes, String rule) {
        require(array.shape().rank() >= axes, rule, array);
        int bins = array.shape().size(-2);
        int frames = array.shape().size(-1);
        require(bins > 0 && frames > 0, rule + " with bins and frames >= 1", array);
        return new SpectrogramShape(leading(array, axes), bins, frames);
    }

    private static Shape leading(NpyArray array, int axes) {
        Shape leading = array.shape().dropLast(axes);
        if (leading.count() > MAX_ITEMS) {
            throw new InvalidInputException(
                    Code.TOO_LARGE,
                    "leading axes must hold at most " + MAX_ITEMS + " items, got " + leading.count() + " in "
                            + array.shape());
        }
        return leading;
    }

    /** Every item's plane, from the array's matrices {@code first}, {@code first + step}, ... */
    private static float[][] toPlanes(float[] values, SpectrogramShape shape, int first, int step) {
        float[][] planes = shape.newPlanes();
        for (int item = 0; item < planes.length; item++) {
            int offset = (first + item * step) * shape.planeSize();
            Transpose.of(values, offset, shape.bins(), shape.frames(), planes[item], 0);
        }
        return planes;
    }

    /** Copies a plane to the array's matrix number {@code matrix}. */
    private static void toRows(float[] plane, SpectrogramShape shape, float[] values, int matrix) {
        Transpose.of(plane, 0, shape.frames(), shape.bins(), values, matrix * shape.planeSize());
    }

    private static void require(boolean holds, String rule, NpyArray array) {
        if (!holds) {
            throw mismatch(rule, array);
        }
    }

    private static InvalidInputException mismatch(String rule, NpyArray array) {
        String remedy = array.dtype().isInteger() ? "; integers are samples of audio: convert to float32" : "";
        return new InvalidInputException(
                Code.SHAPE_MISMATCH, rule + ", got " + array.dtype().code() + " " + array.shape() + remedy);
    }
}
