package dev.phasor.codec;

import static dev.phasor.Refused.assertRefused;
import static dev.phasor.signal.PlaneOrder.BINS_FIRST;
import static dev.phasor.signal.PlaneOrder.FRAMES_FIRST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.ComplexRows;
import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.signal.MagnitudeSpectrogram;
import dev.phasor.signal.Plane;
import dev.phasor.signal.PlaneOrder;
import dev.phasor.signal.RealSpectrogram;
import dev.phasor.signal.Shape;
import dev.phasor.signal.SpectrogramShape;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class NpyConversionTest {

    /** The values 0, 1, 2, ... */
    private static NpyArray counting(int... sizes) {
        Shape shape = Shape.of(sizes);
        return NpyArray.real(shape, multiples(shape.count(), 1));
    }

    private static NpyArray countingComplex(int... sizes) {
        Shape shape = Shape.of(sizes);
        return NpyArray.complex(shape, multiples(shape.count(), 1), multiples(shape.count(), -1));
    }

    private static float[] multiples(int count, float step) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = i * step;
        }
        return values;
    }

    private static void assertSame(NpyArray actual, NpyArray expected) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        assertThat(actual.real()).isEqualTo(expected.real());
        assertThat(actual.isColumnMajor()).isEqualTo(expected.isColumnMajor());
        assertThat(actual.isComplex()).isEqualTo(expected.isComplex());
        if (expected.isComplex()) {
            assertThat(actual.imaginary()).isEqualTo(expected.imaginary());
        }
    }

    /** In the order of the array, and back: of one item the arrays themselves. */
    @ParameterizedTest
    @MethodSource("shapes")
    void elementsKeepTheirOrder(int[] sizes) {
        NpyArray real = counting(sizes);
        assertSame(NpyArray.ofElements(real.toRealElements(BINS_FIRST), BINS_FIRST), real);
        NpyArray complex = countingComplex(sizes);
        assertSame(copied(complex, SpectrogramLayout.COMPLEX), complex);
        NpyArray subbands = counting(Shape.of(sizes)
                .dropLast(2)
                .plus(2, sizes[sizes.length - 2], sizes[sizes.length - 1])
                .toArray());
        assertSame(copied(subbands, SpectrogramLayout.SUBBANDS), subbands);
    }

    /** Plane by plane, from the elements into an array of zeros. */
    private static NpyArray copied(NpyArray array, SpectrogramLayout layout) {
        ComplexRows rows = array.toComplexRows(layout);
        NpyArray copy = NpyArray.ofZeros(rows.shape(), rows.order(), layout);
        ComplexRows written = copy.toComplexRows(layout);
        for (int item = 0; item < rows.items(); item++) {
            write(rows.elements().re(item), written.rePlane(item));
            write(rows.elements().im(item), written.imPlane(item));
        }
        return copy;
    }

    private static void write(float[] values, Plane plane) {
        System.arraycopy(values, 0, plane.values(), plane.offset(), plane.size());
    }

    /** A column-major array holds the engine's own planes: nothing is moved, and the values are those of its copy. */
    @ParameterizedTest
    @MethodSource("planes")
    void aColumnMajorArrayIsWhatItsRowMajorCopyIs(int[] sizes) {
        NpyArray real = counting(sizes).columnMajor();
        NpyArray complex = countingComplex(sizes).columnMajor();
        SpectrogramLayout layout = SpectrogramLayout.COMPLEX;

        assertThat(real.toRealSpectrogram().values(0)).isSameAs(real.real());
        assertThat(complex.toComplexSpectrogram(layout).im(0)).isSameAs(complex.imaginary());
        assertSame(NpyArray.of(real.toRealSpectrogram()), real.rowMajor());
        assertSame(NpyArray.of(complex.toComplexSpectrogram(layout), layout), complex.rowMajor());
        assertSame(copied(complex, layout), complex);
        assertSame(NpyArray.of(real.toAudio(8000)), real.rowMajor());
        for (PlaneOrder order : PlaneOrder.values()) {
            assertThat(real.toRealElements(order).values(0))
                    .isEqualTo(real.rowMajor().toRealElements(order).values(0));
        }
        ComplexRows rows = complex.toComplexRows(layout);
        ComplexRows copied = complex.rowMajor().toComplexRows(layout);
        for (int bin = 0; bin < rows.shape().bins(); bin++) {
            for (int frame = 0; frame < rows.shape().frames(); frame++) {
                assertThat(rows.im(0).values()[rows.im(0).at(bin, frame)])
                        .isEqualTo(copied.im(0).values()[copied.im(0).at(bin, frame)]);
            }
        }
    }

    @Test
    void aPlaceInAColumnMajorArrayIsFoundInItsRowMajorCopy() {
        NpyArray array = counting(new int[] {2, 3, 4, 5});
        NpyArray turned = array.columnMajor();
        for (int at = 0; at < array.real().length; at++) {
            assertThat(array.rowMajor(at)).isEqualTo(at);
            assertThat(turned.rowMajor().real()[turned.rowMajor(at)]).isEqualTo(turned.real()[at]);
        }
    }

    static Stream<int[]> planes() {
        return Stream.of(new int[] {5, 7}, new int[] {1, 1}, new int[] {1, 33, 65});
    }

    @Test
    void aNegativeElementIsNamedByItsPlaceInTheArray() {
        float[] values = multiples(12, 1);
        values[8] = -1;
        RealSpectrogram elements = NpyArray.real(Shape.of(2, 2, 3), values).toRealElements(BINS_FIRST);
        assertRefused(Code.NEGATIVE_MAGNITUDE, () -> MagnitudeSpectrogram.ofElements(elements, BINS_FIRST))
                .hasMessageContaining("the first -1.0 at [1, 0, 2]");
        RealSpectrogram turned =
                NpyArray.real(Shape.of(3, 4), values).columnMajor().toRealElements(FRAMES_FIRST);
        assertRefused(Code.NEGATIVE_MAGNITUDE, () -> MagnitudeSpectrogram.ofElements(turned, FRAMES_FIRST))
                .hasMessageContaining("the first -1.0 at [2, 2]");
    }

    static Stream<int[]> shapes() {
        return Stream.of(new int[] {5, 7}, new int[] {1, 1}, new int[] {2, 5, 7}, new int[] {3, 2, 33, 65});
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void everyValueComesBackInItsShape(int... sizes) {
        NpyArray real = counting(sizes);
        assertSame(NpyArray.of(real.toAudio(8000)), real);
        assertSame(NpyArray.of(real.toRealSpectrogram()), real);
        assertSame(NpyArray.of(real.toMagnitudeSpectrogram()), real);
        NpyArray complex = countingComplex(sizes);
        assertSame(
                NpyArray.of(complex.toComplexSpectrogram(SpectrogramLayout.COMPLEX), SpectrogramLayout.COMPLEX),
                complex);
    }

    @Test
    void anEmptyBatchKeepsItsShape() {
        assertSame(NpyArray.of(counting(0, 4, 5).toRealSpectrogram()), counting(0, 4, 5));
        ComplexSpectrogram z = countingComplex(0, 4, 5).toComplexSpectrogram(SpectrogramLayout.COMPLEX);
        assertThat(z.shape().toString()).isEqualTo("[0, 4, 5]");
    }

    @Test
    void aFrameIsContiguousInMemory() {
        RealSpectrogram spectrogram = counting(2, 3, 4).toRealSpectrogram();
        assertThat(spectrogram.shape()).isEqualTo(new SpectrogramShape(Shape.of(2), 3, 4));
        // [item][bin][frame] counts in the file, [item][frame][bin] stands in memory.
        assertThat(spectrogram.values(0)).containsExactly(0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11);
        assertThat(spectrogram.values(1)).startsWith(12, 16, 20, 13);
    }

    @Test
    void subbandsAreRealAndImaginaryChannels() {
        NpyArray array = counting(3, 2, 5, 7);
        ComplexSpectrogram z = array.toComplexSpectrogram(SpectrogramLayout.SUBBANDS);

        assertThat(z.shape()).isEqualTo(new SpectrogramShape(Shape.of(3), 5, 7));
        for (int item = 0; item < 3; item++) {
            assertThat(z.re(item)[0]).isEqualTo(item * 70);
            assertThat(z.im(item)[0]).isEqualTo(item * 70 + 35);
            assertThat(z.im(item)[5]).isEqualTo(item * 70 + 35 + 1); // the next frame
        }
        assertSame(NpyArray.of(z, SpectrogramLayout.SUBBANDS), array);
    }

    @Test
    void subbandsMayHaveNoBatch() {
        NpyArray array = counting(2, 5, 7);
        ComplexSpectrogram z = array.toComplexSpectrogram(SpectrogramLayout.SUBBANDS);
        assertThat(z.shape()).isEqualTo(new SpectrogramShape(Shape.SCALAR, 5, 7));
        assertSame(NpyArray.of(z, SpectrogramLayout.SUBBANDS), array);
    }

    @Test
    void audioKeepsItsAxesAndTakesTheRate() {
        AudioSignal audio = counting(2, 3, 4).toAudio(16000);
        assertThat(audio.leading()).isEqualTo(Shape.of(2, 3));
        assertThat(audio.sampleRate()).isEqualTo(16000);
        assertThat(audio.samples(5)).containsExactly(20, 21, 22, 23);
        assertThat(counting(4).toAudio(16000).leading()).isEqualTo(Shape.SCALAR);
        assertThat(counting(0).toAudio(16000).length()).isZero();
    }

    static Stream<Arguments> mismatches() {
        NpyArray scalar = counting();
        NpyArray pcm = NpyArray.of(NpyDtype.INT16, Shape.of(2, 3, 4), new float[24], null, false);
        Consumer<NpyArray> audio = array -> array.toAudio(0);
        Consumer<NpyArray> real = NpyArray::toRealSpectrogram;
        Consumer<NpyArray> complex = array -> array.toComplexSpectrogram(SpectrogramLayout.COMPLEX);
        Consumer<NpyArray> subbands = array -> array.toComplexSpectrogram(SpectrogramLayout.SUBBANDS);
        return Stream.of(
                arguments(scalar, audio, "audio must be float [..., samples], got f4 []"),
                arguments(countingComplex(4), audio, "got c8 [4]"),
                arguments(counting(4), real, "spectrogram must be float [..., bins, frames], got f4 [4]"),
                arguments(countingComplex(4, 4), real, "got c8 [4, 4]"),
                arguments(pcm, real, "got i2 [2, 3, 4]; integers are samples of audio: convert to float32"),
                arguments(counting(4, 0), real, "with bins and frames >= 1, got f4 [4, 0]"),
                arguments(counting(4, 4), complex, "must be complex [..., bins, frames]"),
                arguments(countingComplex(4), complex, "got c8 [4]"),
                arguments(countingComplex(0, 4), complex, "with bins and frames >= 1, got c8 [0, 4]"),
                arguments(counting(4, 4), subbands, "must be float [..., 2, bins, frames], got f4 [4, 4]"),
                arguments(counting(3, 4, 4), subbands, "got f4 [3, 4, 4]"),
                arguments(countingComplex(2, 4, 4), subbands, "got c8 [2, 4, 4]"),
                arguments(pcm, subbands, "got i2 [2, 3, 4]"));
    }

    @ParameterizedTest
    @MethodSource
    void mismatches(NpyArray array, Consumer<NpyArray> conversion, String message) {
        assertRefused(Code.SHAPE_MISMATCH, () -> conversion.accept(array)).hasMessageContaining(message);
    }

    @Test
    void millionsOfTinyItemsAreRefused() {
        NpyArray array = counting(256, 257, 1, 1);
        assertRefused(Code.TOO_LARGE, array::toRealSpectrogram)
                .hasMessage("leading axes must hold at most 65536 items, got 65792 in [256, 257, 1, 1]");
        assertThat(counting(256, 256, 1).toAudio(8000).items()).isEqualTo(65536);
    }

    @Test
    void aNegativeMagnitudeIsRefusedWithItsIndex() {
        NpyArray array = NpyArray.real(Shape.of(1, 2, 2), new float[] {0, 1, 2, -3});
        assertRefused(Code.NEGATIVE_MAGNITUDE, array::toMagnitudeSpectrogram).hasMessageContaining("-3.0 at [0, 1, 1]");
    }

    @ParameterizedTest
    @EnumSource(SpectrogramLayout.class)
    void aRealArrayHasNoImaginaryParts(SpectrogramLayout layout) {
        NpyArray array = NpyArray.of(countingComplex(3, 4).toComplexSpectrogram(SpectrogramLayout.COMPLEX), layout);
        assertThat(array.isComplex()).isEqualTo(layout == SpectrogramLayout.COMPLEX);
        if (!array.isComplex()) {
            assertThatThrownBy(array::imaginary).isInstanceOf(IllegalStateException.class);
        }
    }
}
