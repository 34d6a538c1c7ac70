package dev.phasor.phase;

import static dev.phasor.Signals.assertFinite;

import dev.phasor.Recordings;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.RealSpectrogram;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Phases and gradients of recordings, digital silence among them, are finite whatever the policy and the cotangent. */
class SafeOnRecordingsTest {

    private static final float[] SCALES = {1, 1e-20f, 1e-30f};
    private static final float[] COTANGENTS = {1, 1e10f, 1e30f};

    @ParameterizedTest
    @MethodSource("dev.phasor.Recordings#all")
    void everythingIsFinite(Path wav) {
        AudioSignal audio = Recordings.read(wav);
        Stft stft = new Stft(StftParameters.hann(1024, 256));
        for (float scale : SCALES) {
            ComplexSpectrogram z = stft.forward(scaled(audio, scale));
            for (PhaseKernel kernel : List.of(new JavaPhaseKernel(), new VectorPhaseKernel())) {
                Phase phase = new Phase(kernel);
                assertFinite(phase.angle(z).values(0));
                for (float size : COTANGENTS) {
                    RealSpectrogram cotangent = cotangent(z, size);
                    for (GradientPolicy policy : GradientPolicy.values()) {
                        ComplexSpectrogram gradient = phase.angleVjp(z, cotangent, policy, Floor.DEFAULT)
                                .gradient();
                        for (int item = 0; item < gradient.items(); item++) {
                            assertFinite(gradient.re(item));
                            assertFinite(gradient.im(item));
                        }
                    }
                }
            }
        }
    }

    private static AudioSignal scaled(AudioSignal audio, float scale) {
        float[][] samples = new float[audio.items()][audio.length()];
        for (int item = 0; item < samples.length; item++) {
            for (int i = 0; i < samples[item].length; i++) {
                samples[item][i] = scale * audio.samples(item)[i];
            }
        }
        return new AudioSignal(audio.leading(), samples, audio.sampleRate());
    }

    private static RealSpectrogram cotangent(ComplexSpectrogram z, float size) {
        Random random = new Random(1);
        float[][] planes = z.shape().newPlanes();
        for (float[] plane : planes) {
            for (int i = 0; i < plane.length; i++) {
                plane[i] = size * (2 * random.nextFloat() - 1);
            }
        }
        return new RealSpectrogram(z.shape(), planes);
    }
}
