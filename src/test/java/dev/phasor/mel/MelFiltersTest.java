package dev.phasor.mel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.phasor.Golden;
import dev.phasor.Signals;
import dev.phasor.signal.InvalidInputException;
import java.nio.DoubleBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Against the banks of another library; the files are written by src/test/golden/mel.py. */
class MelFiltersTest {

    private static final MelFilters BANK =
            MelFilters.triangles(22050, 1024, 80, 0, 8000, MelScale.SLANEY, MelNorm.SLANEY);

    @Test
    void areThoseOfLibrosaAndTorchaudio() {
        DoubleBuffer values = Golden.buffer("mel/filters.f64").asDoubleBuffer();
        String[] lines = new String(Golden.bytes("mel/filters.txt"), StandardCharsets.US_ASCII).split("\n");
        assertThat(lines).hasSize(59);
        for (String line : lines) {
            String[] fields = line.split(" ");
            MelFilters filters = MelFilters.triangles(
                    Integer.parseInt(fields[0]),
                    Integer.parseInt(fields[1]),
                    Integer.parseInt(fields[2]),
                    Double.parseDouble(fields[3]),
                    Double.parseDouble(fields[4]),
                    MelScale.valueOf(fields[5].toUpperCase(Locale.ROOT)),
                    MelNorm.valueOf(fields[6].toUpperCase(Locale.ROOT)));
            float[][] matrix = filters.matrix();
            for (int mel = 0; mel < filters.mels(); mel++) {
                double[] expected = new double[filters.bins()];
                int first = (int) values.get();
                int count = (int) values.get();
                values.get(expected, first, count);
                for (int bin = 0; bin < expected.length; bin++) {
                    assertThat((double) matrix[mel][bin])
                            .as("%s: mel %s, bin %s", line, mel, bin)
                            .isCloseTo(expected[bin], within(1e-7));
                }
            }
        }
        assertThat(values.hasRemaining()).isFalse();
    }

    /** What is reserved for the overlaps of filters counts on it. */
    @ParameterizedTest
    @EnumSource
    void noBinIsInMoreThanTwoFilters(MelScale scale) {
        int refused = 0;
        for (int exponent = -52; exponent < 0; exponent++) {
            for (MelNorm norm : MelNorm.values()) {
                try {
                    MelFilters filters = MelFilters.triangles(
                            44100, 16, 4096, 11025, 11025 * (1 + Math.scalb(1, exponent)), scale, norm);
                    int[] count = new int[filters.bins()];
                    for (int mel = 0; mel < filters.mels(); mel++) {
                        for (int i = 0; i < filters.weights(mel).length; i++) {
                            assertThat(filters.weights(mel)[i]).isFinite();
                            count[filters.first(mel) + i]++;
                        }
                    }
                    assertThat(Arrays.stream(count).max().orElseThrow())
                            .as("2^%s above", exponent)
                            .isLessThanOrEqualTo(2);
                    assertThat(filters.gram()[1]).hasSizeLessThanOrEqualTo(2);
                } catch (InvalidInputException e) {
                    refused++;
                }
            }
        }
        assertThat(refused).isBetween(2, 80);
    }

    @ParameterizedTest
    @EnumSource
    void aScaleAndItsInverse(MelScale scale) {
        for (double hertz : new double[] {0, 1e-3, 440, 999.999, 1000, 1000.001, 8000, 96000}) {
            assertThat(scale.hertz(scale.mel(hertz))).isCloseTo(hertz, within(1e-9 * (1 + hertz)));
        }
    }

    @Test
    void theAdjointIsTheAdjoint() {
        float[] a = Signals.noise(1, BANK.bins());
        float[] forward = new float[BANK.mels()];
        BANK.forward(a, 0, forward, 0);
        double[] c = new double[BANK.mels()];
        float[] noise = Signals.noise(2, c.length);
        double[] back = new double[BANK.bins()];
        for (int i = 0; i < c.length; i++) {
            c[i] = noise[i];
        }
        BANK.adjoint(c, 0, back, 0);
        double there = 0;
        for (int i = 0; i < c.length; i++) {
            there += c[i] * forward[i];
        }
        double andBack = 0;
        for (int i = 0; i < back.length; i++) {
            andBack += back[i] * a[i];
        }
        assertThat(andBack).isCloseTo(there, within(1e-5));
    }

    @Test
    void theMatrixOfOverlapsIsThatOfTheWholeBank() {
        float[][] b = BANK.matrix();
        double[][] gram = BANK.gram();
        for (int i = 0; i < b.length; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = 0;
                for (int bin = 0; bin < BANK.bins(); bin++) {
                    sum += (double) b[i][bin] * b[j][bin];
                }
                assertThat(i - j < gram[i].length ? gram[i][i - j] : 0).isCloseTo(sum, within(1e-12));
            }
        }
    }

    @Test
    void aBankOfOnesOwnIsKept() {
        float[][] matrix = {{0, 1, 0, 2, 0}, {0, 0, 0, 0, 0}, {3, 0, 0, 0, 4}};
        MelFilters bank = MelFilters.of(matrix);
        assertThat(bank.matrix()).isDeepEqualTo(matrix);
        assertThat(bank.empty()).containsExactly(1);
        assertThat(bank.gram()).isDeepEqualTo(new double[][] {{5, 0, 0}, {1, 0, 0}, {25, 0, 0}});
        assertThatThrownBy(() -> MelFilters.of(new float[][] {{0, -1}}))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("a weight of the filterbank must be >= 0, got -1.0 at [0, 1]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "0|8001|fmax must be at most sample_rate/2, 8000.0 Hz, got 8001.0",
                "0|NaN|fmax must be at most sample_rate/2, 8000.0 Hz, got NaN",
                "-1|8000|fmin must be at least 0 and below fmax, 8000.0 Hz, got -1.0",
                "0|1e-300|fmax must be so far above fmin, 0.0 Hz, that 40 filters have edges of their own, and heights that are"
                        + " floats, got 1.0E-300",
                "500|500|fmin must be at least 0 and below fmax, 500.0 Hz, got 500.0",
            })
    void frequenciesOutOfRangeAreNamed(double lowest, double highest, String message) {
        assertThatThrownBy(() -> MelFilters.triangles(16000, 512, 40, lowest, highest, MelScale.HTK, MelNorm.SLANEY))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(message);
    }
}
