package dev.phasor.stft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.Golden;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against a direct double-precision sum; the files are written by src/test/golden/stft.py. */
class StftGoldenTest {

    static Stream<String> cases() {
        return new String(Golden.bytes("stft/cases.txt"), StandardCharsets.US_ASCII).lines();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void forwardIsTheDirectTransform(String line) {
        String[] fields = line.split(" ");
        StftParameters parameters = new StftParameters(
                Integer.parseInt(fields[1]),
                Integer.parseInt(fields[2]),
                Integer.parseInt(fields[3]),
                Window.parse(fields[4], fields[5].equals("-") ? null : Double.valueOf(fields[5])),
                Boolean.parseBoolean(fields[6]),
                PadMode.parse(fields[7]));
        float[] samples = new float[Integer.parseInt(fields[8])];
        Golden.buffer("stft/signal.f32").asFloatBuffer().get(samples);
        int frames = Integer.parseInt(fields[9]);
        assertThat(parameters.frames(samples.length)).isEqualTo(frames);

        float[] re = new float[frames * parameters.bins()];
        float[] im = new float[re.length];
        new Stft(parameters).forward(samples, re, im);

        var expected = Golden.buffer("stft/" + fields[0] + ".f64").asDoubleBuffer();
        assertThat(expected.remaining()).isEqualTo(2 * re.length);
        double error = 0;
        double energy = 0;
        for (int i = 0; i < re.length; i++) {
            double wantedRe = expected.get(2 * i);
            double wantedIm = expected.get(2 * i + 1);
            error += Math.pow(re[i] - wantedRe, 2) + Math.pow(im[i] - wantedIm, 2);
            energy += wantedRe * wantedRe + wantedIm * wantedIm;
        }
        // Rounding to float alone is 3e-8; a transform in float adds to it.
        assertThat(Math.sqrt(error / energy)).isLessThan(3e-7);
    }
}
