package dev.phasor.stft;

import static dev.phasor.Refused.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.phasor.signal.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class WindowTest {

    static Stream<String> scipyWindows() throws IOException {
        return Files.readAllLines(Path.of("src/test/resources/golden/stft/windows.txt")).stream();
    }

    @ParameterizedTest
    @MethodSource("scipyWindows")
    void equalsScipy(String line) {
        String[] fields = line.split(" ");
        Window window = Window.parse(fields[0], fields[1].equals("-") ? null : Double.valueOf(fields[1]));
        int length = Integer.parseInt(fields[2]);
        double[] expected =
                Stream.of(fields).skip(3).mapToDouble(Double::parseDouble).toArray();
        assertThat(window.coefficients(length, length, 1)).containsExactly(expected, within(1e-12));
    }

    @Test
    void truncatedGaussianFallsAsTheGridOfFramesAndBins() {
        double[] w = new Window(Window.Kind.TRUNCATED_GAUSSIAN, Window.DEFAULT).coefficients(1024, 1024, 256);
        assertThat(w[512]).isEqualTo(1);
        assertThat(w[512 + 256]).isCloseTo(Math.exp(-Math.PI * 256 / 1024), within(1e-15));
        assertThat(w[0]).isCloseTo(Math.exp(-Math.PI), within(1e-15));
    }

    @ParameterizedTest
    @CsvSource({"16, 16, 0", "16, 10, 3", "16, 9, 3", "15, 10, 2", "15, 1, 7", "2, 1, 0"})
    void shorterWindowStandsInTheMiddleOfItsFrame(int fftSize, int windowLength, int left) {
        double[] frame = new Window(Window.Kind.BOXCAR, Window.DEFAULT).coefficients(windowLength, fftSize, 1);
        assertThat(frame).hasSize(fftSize);
        for (int n = 0; n < fftSize; n++) {
            assertThat(frame[n]).isEqualTo(n >= left && n < left + windowLength ? 1 : 0);
        }
    }

    @ParameterizedTest
    @EnumSource(Window.Kind.class)
    void isSymmetricAboutItsMiddleAndFoundByItsName(Window.Kind kind) {
        assertThat(Window.Kind.parse(kind.wireName())).isEqualTo(kind);
        double[] w = new Window(kind, Window.DEFAULT).coefficients(301, 301, 100);
        for (int n = 1; n < 301; n++) {
            int mirrored = kind == Window.Kind.HANN_SYMMETRIC ? 300 - n : 301 - n;
            assertThat(w[n]).isCloseTo(w[mirrored], within(1e-14));
        }
    }

    @Test
    void unknownNameIsAnsweredWithTheNames() {
        assertThatThrownBy(() -> Window.parse("hanning", null))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("window must be one of hann, hamming, blackman, blackmanharris, nuttall, bartlett, boxcar,"
                        + " kaiser, gaussian, truncated_gaussian, hann_symmetric, got hanning");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "kaiser|-1|beta must be in 0..700, got -1.0",
                "kaiser|701|beta must be in 0..700, got 701.0",
                "kaiser|NaN|beta must be in 0..700, got NaN",
                "gaussian|0|std must be finite and > 0, got 0.0",
                "gaussian|Infinity|std must be finite and > 0, got Infinity",
                "gaussian|NaN|std must be finite and > 0, got NaN",
                "hann|1|window hann takes no parameter, got 1.0",
            })
    void parameterOutOfRangeIsNamed(String name, double parameter, String message) {
        assertRefused(InvalidInputException.Code.BAD_PARAMETER, () -> Window.parse(name, parameter))
                .hasMessage(message);
    }
}
