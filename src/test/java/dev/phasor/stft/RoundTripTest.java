package dev.phasor.stft;

import dev.phasor.Recordings;
import dev.phasor.Signals;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoundTripTest {

    static final int[] SIZES = {2, 3, 15, 256, 1000, 1021, 2048, 4096};

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 15, 256, 1000, 1021, 2048, 4096})
    void everyWindowAndHopOnSpeech(int fftSize) {
        float[] x = Arrays.copyOfRange(Recordings.read(Recordings.speech()).samples(0), 20000, 24801);
        for (Window.Kind kind : Window.Kind.values()) {
            for (int hop : hops(fftSize)) {
                check(fftSize, hop, fftSize, kind, x);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 15, 256, 1000, 1021})
    void hopOfOneSample(int fftSize) {
        float[] x = Arrays.copyOfRange(Recordings.read(Recordings.music()).samples(1), 0, 1100);
        for (Window.Kind kind : List.of(Window.Kind.HANN, Window.Kind.BOXCAR)) {
            check(fftSize, 1, fftSize, kind, x);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 15, 256})
    void windowShorterThanItsFrame(int fftSize) {
        float[] x = Signals.noise(1, 1500);
        for (Window.Kind kind : Window.Kind.values()) {
            for (int windowLength : new int[] {1, fftSize / 2, fftSize - 1}) {
                check(fftSize, Math.max(1, windowLength / 3), windowLength, kind, x);
            }
        }
    }

    /** Hann, every size and hop, on all samples of every channel. */
    @Tag("exhaustive")
    @ParameterizedTest
    @MethodSource("dev.phasor.Recordings#all")
    void wholeRecordings(Path wav) {
        var audio = Recordings.read(wav);
        for (int item = 0; item < audio.items(); item++) {
            for (int fftSize : SIZES) {
                for (int hop : hops(fftSize)) {
                    check(fftSize, hop, fftSize, Window.Kind.HANN, audio.samples(item));
                }
            }
        }
    }

    /** Every window, size and hop on the first channel's 20000 samples from a third on, and hop 1 on 4500 of them. */
    @Tag("exhaustive")
    @ParameterizedTest
    @MethodSource("dev.phasor.Recordings#all")
    void everyWindowOnEveryRecording(Path wav) {
        float[] all = Recordings.read(wav).samples(0);
        float[] x = Arrays.copyOfRange(all, all.length / 3, all.length / 3 + 20000);
        float[] excerpt = Arrays.copyOf(x, 4500);
        for (Window.Kind kind : Window.Kind.values()) {
            for (int fftSize : SIZES) {
                for (int hop : hops(fftSize)) {
                    check(fftSize, hop, fftSize, kind, x);
                }
                if (fftSize < 2048 || kind == Window.Kind.HANN) {
                    check(fftSize, 1, fftSize, kind, excerpt);
                }
            }
        }
    }

    /** From redundancy 16 to 1, dividing n_fft or not. */
    private static Iterable<Integer> hops(int fftSize) {
        TreeSet<Integer> hops = new TreeSet<>();
        for (int hop : new int[] {
            fftSize / 16,
            fftSize / 4,
            fftSize / 3 + 1,
            fftSize / 2,
            fftSize / 2 + 1,
            fftSize * 9 / 10,
            fftSize - 1,
            fftSize
        }) {
            hops.add(Math.max(1, hop));
        }
        return hops;
    }

    private static void check(int fftSize, int hop, int windowLength, Window.Kind kind, float[] x) {
        Window window = new Window(kind, Window.DEFAULT);
        for (Framing framing : Framing.values()) {
            if (framing == Framing.CENTER || x.length >= fftSize && hop <= fftSize) {
                RoundTrip.check(new StftParameters(fftSize, hop, windowLength, window, framing, PadMode.CONSTANT), x);
            }
        }
    }
}
