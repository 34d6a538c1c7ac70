package dev.phasor.stft;

import dev.phasor.codec.CodecLimits;
import dev.phasor.codec.WavReader;
import dev.phasor.signal.AudioSignal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** Inputs and norms that the tests of this package share. */
final class Signals {

    private Signals() {}

    /** Gaussian noise of variance 1. */
    static float[] noise(long seed, int length) {
        Random random = new Random(seed);
        float[] noise = new float[length];
        for (int i = 0; i < length; i++) {
            noise[i] = (float) random.nextGaussian();
        }
        return noise;
    }

    static AudioSignal read(Path wav) {
        try (var in = Files.newInputStream(wav)) {
            return WavReader.readAll(in, new CodecLimits(CodecLimits.LARGEST));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    static double norm(float[] a) {
        return Math.sqrt(dot(a, a));
    }

    /** ||a - b||. */
    static double distance(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            double difference = (double) a[i] - b[i];
            sum += difference * difference;
        }
        return Math.sqrt(sum);
    }
}
