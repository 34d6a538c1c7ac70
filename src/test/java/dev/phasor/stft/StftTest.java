package dev.phasor.stft;

import static dev.phasor.Refused.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.phasor.Signals;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.signal.PlaneOrder;
import dev.phasor.signal.Rows;
import dev.phasor.signal.Shape;
import dev.phasor.signal.SpectrogramShape;
import java.util.Arrays;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StftTest {

    /**
     * cos(2 pi k n / N + 0.7): N/4 e^(0.7 i) on bin k of a Hann window, turned by the hop: librosa's scale and sign.
     */
    @Test
    void pureToneLandsOnItsBin() {
        int size = 64;
        int hop = 12;
        int bin = 5;
        float[] x = new float[400];
        for (int n = 0; n < x.length; n++) {
            x[n] = (float) Math.cos(2 * Math.PI * bin * n / size + 0.7);
        }
        Stft stft = new Stft(new StftParameters(size, hop, size, Window.HANN, false, PadMode.CONSTANT));
        ComplexSpectrogram z = stft.forward(AudioSignal.mono(x, 8000));
        assertThat(z.shape()).isEqualTo(new SpectrogramShape(Shape.SCALAR, 33, 29));
        for (int m = 0; m < 29; m++) {
            double phase = 0.7 + 2 * Math.PI * bin * hop * m / size;
            assertThat(z.re(0)[m * 33 + bin]).isCloseTo((float) (size / 4.0 * Math.cos(phase)), within(1e-5f));
            assertThat(z.im(0)[m * 33 + bin]).isCloseTo((float) (size / 4.0 * Math.sin(phase)), within(1e-5f));
            assertThat(z.re(0)[m * 33 + bin + 2]).isCloseTo(0, within(1e-5f));
        }
    }

    /** The order of a request's arrays has the bits of planes, and tiles are cut out of it as out of planes. */
    @ParameterizedTest
    @ValueSource(ints = {1, 63, 64, 65, 200, 10_000})
    void rowsArePlanes(int samples) {
        for (int size : new int[] {2, 15, 64, 256}) {
            Stft stft = new Stft(StftParameters.hann(size, Math.max(1, size / 4)));
            float[] x = new float[samples];
            for (int n = 0; n < samples; n++) {
                x[n] = (float) Math.sin(0.37 * n * n);
            }
            ComplexSpectrogram z = stft.forward(AudioSignal.mono(x, 0));
            SpectrogramShape shape = z.shape();
            Rows re = new Rows(new float[shape.planeSize() + 5], 5, shape, PlaneOrder.BINS_FIRST);
            Rows im = new Rows(new float[shape.planeSize()], 0, shape, PlaneOrder.FRAMES_FIRST);
            stft.forward(x, re, im);

            FrameLoop loop = stft.frameLoop(shape.frames(), samples);
            float[] expected = new float[loop.tileSize()];
            float[] tile = new float[loop.tileSize()];
            for (int t = 0; t < loop.tiles(); t++) {
                for (boolean real : new boolean[] {true, false}) {
                    loop.cut(real ? z.re(0) : z.im(0), t, expected);
                    stft.cut(real ? re : im, t, tile);
                    assertThat(Arrays.equals(tile, expected)).as("tile %d", t).isTrue();
                }
            }
        }
    }

    /** Two samples: their sum and their difference. */
    @Test
    void fftSizeOfTwo() {
        Stft stft = new Stft(boxcar(2, 2, false));
        ComplexSpectrogram z = stft.forward(AudioSignal.mono(new float[] {3, 1, -2, 5}, 0));
        assertThat(z.re(0)).containsExactly(4, 2, 3, -7);
        assertThat(z.im(0)).containsExactly(0, 0, 0, 0);
        assertThat(stft.inverse(z, 4, 0).samples(0)).containsExactly(3, 1, -2, 5);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 16, 1021, 1 << 20})
    void oneSample(int fftSize) {
        for (PadMode padMode : PadMode.values()) {
            Stft stft = new Stft(
                    new StftParameters(fftSize, Math.max(1, fftSize / 4), fftSize, Window.HANN, true, padMode));
            AudioSignal x = AudioSignal.mono(new float[] {0.5f}, 8000);
            assertThat(stft.inverse(stft.forward(x), 1, 8000).samples(0)[0]).isCloseTo(0.5f, within(1e-7f));
        }
    }

    @Test
    void aSpectrogramOfOneFrame() {
        Stft stft = new Stft(StftParameters.hann(16, 4));
        float[] x = {1, 2, 3};
        ComplexSpectrogram z = stft.forward(AudioSignal.mono(x, 0));
        assertThat(z.shape().frames()).isEqualTo(1);
        assertThat(stft.inverse(z, 3, 0).samples(0)).containsExactly(x, within(1e-6f));
    }

    @Test
    void aHopOfAWholeFrameNeedsAWindowWithoutZeros() {
        float[] x = Signals.noise(1, 64);
        Stft boxcar = new Stft(boxcar(16, 16, false));
        assertThat(boxcar.inverse(boxcar.forward(AudioSignal.mono(x, 0)), 64, 0).samples(0))
                .containsExactly(x, within(1e-6f));
        assertNola(
                () -> new Stft(StftParameters.hann(16, 16)).checkInvertible(5, 64),
                "n_fft=16, hop_length=16, win_length=16, window=hann, framing=center cannot be inverted: the overlapped"
                        + " squared window must be at least 1.0E-11 of its largest value, 1.0, on every sample, got 0.0"
                        + " at sample 8; use a smaller hop_length or a window that is not near 0 at its ends");
    }

    @Test
    void aFewSamplesNearZeroAreTooManyWhereTheyDrownTheRest() {
        new Stft(StftParameters.hann(1024, 1015)).checkInvertible(5, 4000);
        assertNola(
                () -> new Stft(StftParameters.hann(1024, 1023)).checkInvertible(5, 4000),
                "in the mean, got 2.443e+07, the worst at sample 511; use a smaller hop_length or a window that"
                        + " is not near 0 at its ends");
    }

    /** w[0] = 0, w[1]^2 = w[1023]^2 = 9e-11 and so on; behind the last frame are 39 samples more. */
    @Test
    void uncenteredHannFadesAtItsEnds() {
        Stft stft = new Stft(new StftParameters(1024, 256, 1024, Window.HANN, false, PadMode.CONSTANT));
        float[] x = Signals.noise(1, 1024 + 7 * 256 + 39);

        Fade fade = stft.checkInvertible(8, x.length);
        float[] y =
                stft.inverse(stft.forward(AudioSignal.mono(x, 0)), x.length, 0).samples(0);

        assertThat(fade).isEqualTo(new Fade(11, 10 + 39));
        assertThat(y[0]).isZero();
        assertThat(Arrays.copyOfRange(y, x.length - 39, x.length)).containsOnly(0);
        assertThat(Arrays.copyOfRange(y, 11, x.length - 49))
                .containsExactly(Arrays.copyOfRange(x, 11, x.length - 49), within(5e-4f));
        for (int t = 0; t < x.length; t++) {
            assertThat(Math.abs(y[t])).isLessThanOrEqualTo(Math.abs(x[t]) + 5e-4f);
        }
    }

    /** Each frame alone would fade, but between two of them nothing may. */
    @Test
    void uncenteredFramesThatOnlyTouchAreRefused() {
        Stft stft = new Stft(new StftParameters(16, 16, 16, Window.HANN, false, PadMode.CONSTANT));
        assertNola(
                () -> stft.checkInvertible(5, 80),
                "got 0.0 at sample 16; use a smaller hop_length or a window that is not near 0 at its ends");
        assertThat(stft.checkInvertible(1, 16)).isEqualTo(new Fade(1, 0));
    }

    /** Centers at 0, 16, 32 with windows of 16: 40 samples have 3 frames too, and the last of them are not seen. */
    @Test
    void samplesThatNoWindowCoversAreLost() {
        Stft stft = new Stft(boxcar(16, 16, true));
        stft.checkInvertible(3, 40);
        assertNola(
                () -> stft.checkInvertible(3, 45),
                "got 0.0 at sample 40; the samples from 40 on are lost: ask for length <= 40, or use a smaller hop_length");
    }

    @Test
    void aLongerLengthIsFilledWithZeros() {
        Stft stft = new Stft(StftParameters.hann(16, 4));
        float[] x = Signals.noise(1, 40);
        ComplexSpectrogram z = stft.forward(AudioSignal.mono(x, 0));
        float[] y = stft.inverse(z, 1000, 0).samples(0);
        assertThat(Arrays.copyOf(y, 40)).containsExactly(x, within(1e-6f));
        assertThat(stft.parameters().longestLength(z.shape().frames())).isEqualTo(43);
        assertThat(Arrays.copyOfRange(y, 43, 1000)).containsOnly(0);
    }

    @Test
    void aShorterLengthIsTheBeginning() {
        Stft stft = new Stft(StftParameters.hann(15, 4));
        ComplexSpectrogram z = stft.forward(AudioSignal.mono(Signals.noise(1, 400), 0));
        float[] whole = stft.inverse(z, 400, 0).samples(0);
        assertThat(stft.inverse(z, 7, 0).samples(0)).isEqualTo(Arrays.copyOf(whole, 7));
    }

    /** Of all audio, the inverse's spectrogram is nearest to z: the rest is orthogonal to every spectrogram. */
    @Test
    void inverseIsTheLeastSquaresOne() {
        Stft stft = new Stft(new StftParameters(30, 7, 24, Window.HANN, true, PadMode.CONSTANT));
        int length = 200;
        int values = stft.parameters().frames(length) * 16;
        float[] re = Signals.noise(1, values);
        float[] im = Signals.noise(2, values);
        float[] x = new float[length];
        stft.inverse(re, im, x);
        float[] nearestRe = new float[values];
        float[] nearestIm = new float[values];
        stft.forward(x, nearestRe, nearestIm);
        // Over the whole circle of N bins: those inside 0..N/2 count twice, the imaginary parts of the edges not at
        // all.
        float[] restRe = new float[values];
        float[] restIm = new float[values];
        for (int i = 0; i < values; i++) {
            boolean edge = i % 16 == 0 || i % 16 == 15;
            restRe[i] = (edge ? 1 : 2) * (re[i] - nearestRe[i]);
            restIm[i] = edge ? 0 : 2 * (im[i] - nearestIm[i]);
        }
        float[] projection = new float[length];
        stft.forwardVjp(restRe, restIm, projection);
        assertThat(Signals.norm(projection)).isLessThan(1e-5 * Signals.norm(restRe));
    }

    @Test
    void itemsAreSignalsOfTheirOwn() {
        Stft stft = new Stft(StftParameters.hann(16, 4));
        float[][] channels = {Signals.noise(1, 50), Signals.noise(2, 50), Signals.noise(3, 50)};
        ComplexSpectrogram z = stft.forward(new AudioSignal(Shape.of(3, 1), channels, 8000));
        assertThat(z.shape().shape()).isEqualTo(Shape.of(3, 1, 9, 13));
        AudioSignal y = stft.inverse(z, 50, 8000);
        assertThat(y.shape()).isEqualTo(Shape.of(3, 1, 50));
        assertThat(y.sampleRate()).isEqualTo(8000);
        for (int item = 0; item < 3; item++) {
            ComplexSpectrogram alone = stft.forward(AudioSignal.mono(channels[item], 8000));
            assertThat(z.re(item)).isEqualTo(alone.re(0));
            assertThat(z.im(item)).isEqualTo(alone.im(0));
            assertThat(y.samples(item)).containsExactly(channels[item], within(1e-6f));
        }
    }

    @Test
    void shapesThatDoNotFitAreRefused() {
        Stft stft = new Stft(StftParameters.hann(16, 4));
        SpectrogramShape shape = new SpectrogramShape(Shape.SCALAR, 8, 5);
        ComplexSpectrogram z = new ComplexSpectrogram(shape, shape.newPlanes(), shape.newPlanes());
        assertThatThrownBy(() -> stft.inverse(z, 16, 0))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("n_fft=16 needs 9 bins, got 8");
        SpectrogramShape fit = new SpectrogramShape(Shape.SCALAR, 9, 5);
        ComplexSpectrogram cotangent = new ComplexSpectrogram(fit, fit.newPlanes(), fit.newPlanes());
        assertThatThrownBy(() -> stft.forwardVjp(cotangent, 20))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("cotangent must have 6 frames, as the spectrogram of 20 samples, got 5");
        assertThatThrownBy(() -> stft.inverse(cotangent, 0, 0))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("length must be >= 1, got 0");
        assertThatThrownBy(() -> stft.forward(new float[20], new float[9 * 6], new float[9 * 5]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aSpectrogramBeyondAnArrayIsRefused() {
        Stft stft = new Stft(StftParameters.hann(1 << 20, 1));
        assertRefused(Code.TOO_LARGE, () -> stft.forward(AudioSignal.mono(new float[10000], 0)));
    }

    private static void assertNola(ThrowingCallable call, String message) {
        assertRefused(Code.NOLA, call).hasMessageEndingWith(message);
    }

    private static StftParameters boxcar(int fftSize, int hop, boolean centered) {
        return new StftParameters(
                fftSize, hop, fftSize, new Window(Window.Kind.BOXCAR, Window.DEFAULT), centered, PadMode.CONSTANT);
    }
}
