package dev.phasor.stft;

import static dev.phasor.Refused.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StftParametersTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1|1|1|n_fft must be in 2..4194304, got 1",
                "0|1|1|n_fft must be in 2..4194304, got 0",
                "4194305|1|1|n_fft must be in 2..4194304, got 4194305",
                "16|0|16|hop_length must be in 1..2147483647, got 0",
                "16|-4|16|hop_length must be in 1..2147483647, got -4",
                "16|4|0|win_length must be in 1..16, got 0",
                "16|4|17|win_length must be in 1..16, got 17",
            })
    void outOfRangeIsNamed(int fftSize, int hop, int windowLength, String message) {
        assertRefused(Code.BAD_PARAMETER, () -> of(fftSize, hop, windowLength, true))
                .hasMessage(message);
    }

    /** HiFi-GAN's and Vocos' framing: a frame for each whole hop. */
    @ParameterizedTest
    @CsvSource({"1024, 256, 256, 1", "1024, 256, 511, 1", "1024, 256, 512, 2", "1024, 256, 2560, 10", "16, 16, 64, 4"})
    void framesOfWholeHops(int fftSize, int hop, int samples, int frames) {
        StftParameters stft = new StftParameters(fftSize, hop, fftSize, Window.HANN, Framing.SAME, PadMode.CONSTANT);
        assertThat(stft.frames(samples)).isEqualTo(frames);
        assertThat(stft.defaultLength(frames)).isEqualTo(frames * hop);
        assertRefused(Code.SHAPE_MISMATCH, () -> stft.frames(hop - 1));
    }

    /** torch.stft(torch.zeros(samples), n_fft, hop).shape[-1]. */
    @ParameterizedTest
    @CsvSource({
        "16, 4, true, 1, 1",
        "16, 4, true, 3, 1",
        "16, 4, true, 4, 2",
        "16, 4, true, 100, 26",
        "15, 4, true, 1, 1",
        "15, 4, true, 4, 1",
        "15, 4, true, 5, 2",
        "15, 4, true, 100, 25",
        "2, 1, true, 1, 2",
        "3, 1, true, 1, 1",
        "16, 4, false, 16, 1",
        "16, 4, false, 19, 1",
        "16, 4, false, 20, 2",
        "16, 2147483647, true, 2147483647, 2",
        "2, 1, true, 2147483646, 2147483647",
    })
    void framesAsLibrosaAndTorch(int fftSize, int hop, boolean centered, int samples, int frames) {
        assertThat(of(fftSize, hop, fftSize, centered).frames(samples)).isEqualTo(frames);
    }

    @ParameterizedTest
    @CsvSource({"2, 1", "3, 1", "3, 2", "15, 4", "16, 5", "16, 16", "16, 40", "1021, 255"})
    void defaultAndLongestLengthAreTheEndsOfWhatHasSoManyFrames(int fftSize, int hop) {
        for (boolean centered : new boolean[] {true, false}) {
            StftParameters parameters = of(fftSize, hop, fftSize, centered);
            for (int frames = 2; frames < 20; frames++) {
                int shortest = parameters.defaultLength(frames);
                int longest = (int) parameters.longestLength(frames);
                assertThat(parameters.frames(shortest)).isEqualTo(frames);
                assertThat(parameters.frames(longest)).isEqualTo(frames);
                assertThat(parameters.frames(longest + 1)).isEqualTo(frames + 1);
                if (frames > 2) {
                    assertThat(parameters.defaultLength(frames - 1)).isLessThan(shortest);
                    assertThat(parameters.frames(shortest - 1)).isEqualTo(frames - 1);
                }
            }
        }
    }

    @Test
    void oneCenteredFrameNeedsALength() {
        assertThatThrownBy(() -> of(16, 4, 16, true).defaultLength(1))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("length must be given");
        assertThat(of(15, 4, 15, true).defaultLength(1)).isEqualTo(1);
        assertThat(of(16, 4, 16, false).defaultLength(1)).isEqualTo(16);
    }

    @Test
    void lengthBeyondAnArrayIsRefused() {
        assertThatThrownBy(() -> of(16, Integer.MAX_VALUE, 16, true).defaultLength(3))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("3 frames at hop_length=2147483647 make 4294967294 samples, more than 2147483647");
    }

    @Test
    void tooFewSamplesAreRefused() {
        assertRefused(Code.SHAPE_MISMATCH, () -> of(16, 4, 16, false).frames(15))
                .hasMessage("with center=false, n_fft must be at most the number of samples, 15, got 16");
        assertThatThrownBy(() -> of(16, 4, 16, true).frames(0))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("audio must hold at least 1 sample, got 0");
    }

    @Test
    void padModesByName() {
        for (PadMode mode : PadMode.values()) {
            assertThat(PadMode.parse(mode.wireName())).isEqualTo(mode);
        }
        assertThatThrownBy(() -> PadMode.parse("wrap"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("pad_mode must be one of constant, reflect, edge, got wrap");
    }

    private static StftParameters of(int fftSize, int hop, int windowLength, boolean centered) {
        return new StftParameters(fftSize, hop, windowLength, Window.HANN, centered, PadMode.CONSTANT);
    }
}
