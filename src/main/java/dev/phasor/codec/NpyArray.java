package dev.phasor.codec;

import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.ComplexRows;
import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.MagnitudeSpectrogram;
import dev.phasor.signal.PlaneOrder;
import dev.phasor.signal.RealSpectrogram;
import dev.phasor.signal.Shape;
import dev.phasor.signal.SpectrogramShape;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The content of an NPY file: float32 values, real or complex, row-major or column-major, and the original element
 * type. Arrays are not copied; a caller must not modify an array after passing it in. The file is long because all
 * views of one array are its methods.
 */
public final class NpyArray {

    private final NpyDtype dtype;
    private final Shape shape;
    private final float[] re;
    private final float @Nullable [] im;
    private final boolean columnMajor;
    private final boolean knownFinite;
    /** What it is, for messages; null where only its use tells. */
    private final @Nullable String name;

    private NpyArray(
            NpyDtype dtype,
            Shape shape,
            float[] re,
            float @Nullable [] im,
            boolean columnMajor,
            boolean knownFinite,
            @Nullable String name) {
        if (re.length != shape.count() || (im != null && im.length != re.length)) {
            throw new IllegalArgumentException("shape " + shape + " needs " + shape.count() + " values");
        }
        this.dtype = dtype;
        this.shape = shape;
        this.re = re;
        this.im = im;
        this.columnMajor = columnMajor;
        this.knownFinite = knownFinite;
        this.name = name;
    }

    /** @param finite whether all values were seen to be finite */
    static NpyArray of(NpyDtype dtype, Shape shape, float[] re, float @Nullable [] im, boolean finite) {
        return new NpyArray(dtype, shape, re, im, false, finite, null);
    }

    /** A {@code float32} array. */
    public static NpyArray real(Shape shape, float[] values) {
        return new NpyArray(NpyDtype.FLOAT32, shape, values, null, false, false, null);
    }

    /** A {@code complex64} array. */
    public static NpyArray complex(Shape shape, float[] re, float[] im) {
        return new NpyArray(NpyDtype.COMPLEX64, shape, re, im, false, false, null);
    }

    /** An array of zeros for a complex spectrogram, to be written through {@link #toComplexRows}. */
    public static NpyArray ofZeros(SpectrogramShape shape, SpectrogramLayout layout) {
        int count = shape.shape().count();
        return layout == SpectrogramLayout.COMPLEX
                ? complex(shape.shape(), new float[count], new float[count])
                : real(shape.leading().plus(2, shape.bins(), shape.frames()), new float[Math.multiplyExact(2, count)]);
    }

    /** An array of zeros for a complex spectrogram of this order, to be written through {@link #toComplexRows}. */
    public static NpyArray ofZeros(SpectrogramShape shape, PlaneOrder order, SpectrogramLayout layout) {
        return ofZeros(shape, layout).in(order);
    }

    /** An array of zeros for one real value a bin, one plane of this order an item. */
    public static NpyArray ofZeros(SpectrogramShape shape, PlaneOrder order) {
        return real(shape.shape(), new float[shape.shape().count()]).in(order);
    }

    /** Audio as {@code float32 [..., samples]}. */
    public static NpyArray of(AudioSignal audio) {
        return NpyConversion.of(audio);
    }

    /** A phase, a magnitude or a gradient with respect to either as {@code float32 [..., bins, frames]}. */
    public static NpyArray of(RealSpectrogram spectrogram) {
        return NpyConversion.of(spectrogram);
    }

    /** A complex spectrogram, or a gradient with respect to it, in the given layout. */
    public static NpyArray of(ComplexSpectrogram spectrogram, SpectrogramLayout layout) {
        return NpyConversion.of(spectrogram, layout);
    }

    /** The element type of the file that was read or will be written. */
    public NpyDtype dtype() {
        return dtype;
    }

    public Shape shape() {
        return shape;
    }

    public boolean isComplex() {
        return im != null;
    }

    /** Whether the first axis varies fastest, as in numpy's Fortran order, instead of the last. */
    public boolean isColumnMajor() {
        return columnMajor;
    }

    /** Whether all values were seen to be finite when they were read; if not, they may still be. */
    public boolean isKnownFinite() {
        return knownFinite;
    }

    /** This array, or its row-major copy. */
    public NpyArray rowMajor() {
        return columnMajor ? FortranOrder.toRowMajor(this) : this;
    }

    /** Where the value at this position of the array stands in {@link #rowMajor()}. */
    public int rowMajor(int position) {
        if (!columnMajor) {
            return position;
        }
        int found = 0;
        int rest = position;
        int stride = re.length;
        for (int size : shape.toArray()) {
            stride /= size;
            found += rest % size * stride;
            rest /= size;
        }
        return found;
    }

    /** The same values, taken for column-major ones. */
    NpyArray columnMajor() {
        return new NpyArray(dtype, shape, re, im, true, knownFinite, name);
    }

    /** The same values, taken for planes of this order. */
    NpyArray in(PlaneOrder order) {
        return order == PlaneOrder.FRAMES_FIRST ? columnMajor() : this;
    }

    /** The same values under a name that messages about them have. */
    public NpyArray called(String name) {
        return new NpyArray(dtype, shape, re, im, columnMajor, knownFinite, name);
    }

    /** @param otherwise for an array that nobody called anything */
    String name(String otherwise) {
        return name == null ? otherwise : name;
    }

    /** How the planes of a spectrogram stand in this array. */
    public PlaneOrder planeOrder() {
        return columnMajor ? PlaneOrder.FRAMES_FIRST : PlaneOrder.BINS_FIRST;
    }

    /** The values, or their real parts, in this array's order. Not to be modified. */
    public float[] real() {
        return re;
    }

    /**
     * The imaginary parts, in this array's order. Not to be modified.
     *
     * @throws IllegalStateException if the array is real
     */
    public float[] imaginary() {
        if (im == null) {
            throw new IllegalStateException("a real array has no imaginary parts");
        }
        return im;
    }

    /**
     * Audio from {@code [..., samples]}, PCM types included.
     *
     * @param sampleRate in Hz, or {@link AudioSignal#UNKNOWN_RATE}
     * @throws InvalidInputException {@code SHAPE_MISMATCH} if the array is complex or has no axis
     */
    public AudioSignal toAudio(int sampleRate) {
        return NpyConversion.toAudio(this, sampleRate);
    }

    /**
     * A complex spectrogram. Its leading axes are the axes before {@code [bins, frames]}, in layout
     * {@link SpectrogramLayout#SUBBANDS} the axes before {@code [2, bins, frames]}.
     *
     * @throws InvalidInputException {@code SHAPE_MISMATCH} if type or axes differ from the layout's, {@code TOO_LARGE}
     *     for more than 65536 items
     */
    public ComplexSpectrogram toComplexSpectrogram(SpectrogramLayout layout) {
        return NpyConversion.toComplexSpectrogram(this, layout);
    }

    /** {@link #toComplexSpectrogram} in this array's order and memory. */
    public ComplexRows toComplexRows(SpectrogramLayout layout) {
        return NpyConversion.toComplexRows(this, layout);
    }

    /**
     * {@link #toRealSpectrogram} for maps that treat each value by itself: planes in {@code order}, see
     * {@link PlaneOrder#planes}. In this array's own order nothing is moved.
     */
    public RealSpectrogram toRealElements(PlaneOrder order) {
        return NpyConversion.toRealElements(this, order);
    }

    /** The array of this order whose {@link #toRealElements} these are. */
    public static NpyArray ofElements(RealSpectrogram elements, PlaneOrder order) {
        return NpyConversion.ofElements(elements, order);
    }

    /**
     * A phase or a cotangent from float {@code [..., bins, frames]}.
     *
     * @throws InvalidInputException {@code SHAPE_MISMATCH}, {@code TOO_LARGE} for more than 65536 items
     */
    public RealSpectrogram toRealSpectrogram() {
        return NpyConversion.toRealSpectrogram(this);
    }

    /**
     * A magnitude (power 1) from float {@code [..., bins, frames]}.
     *
     * @throws InvalidInputException {@code SHAPE_MISMATCH}, {@code NEGATIVE_MAGNITUDE}, {@code TOO_LARGE} for more than
     *     65536 items
     */
    public MagnitudeSpectrogram toMagnitudeSpectrogram() {
        RealSpectrogram values = toRealSpectrogram();
        float[][] planes = new float[values.items()][];
        Arrays.setAll(planes, values::values);
        return new MagnitudeSpectrogram(values.shape(), planes);
    }

    /** The same array, row-major, with its values (real and imaginary parts separately) in another order. */
    NpyArray map(UnaryOperator<float[]> reorder) {
        float[] imaginary = im == null ? null : reorder.apply(im);
        return new NpyArray(dtype, shape, reorder.apply(re), imaginary, false, knownFinite, name);
    }
}
