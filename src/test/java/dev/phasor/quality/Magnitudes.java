package dev.phasor.quality;

import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.ComplexSpectrogram;
import dev.phasor.signal.MagnitudeSpectrogram;
import dev.phasor.signal.Shape;
import dev.phasor.signal.SpectrogramShape;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import java.util.SplittableRandom;

/** The magnitudes that a recording is to be reconstructed from. */
public enum Magnitudes {
    /** Its own: there is a signal that has them. */
    CONSISTENT {
        @Override
        float[] change(float[] magnitude, int bins) {
            return magnitude;
        }
    },
    /** XM: times a smooth random mask in 0..1, as a source separator would; no signal has exactly these. */
    MASKED {
        @Override
        float[] change(float[] magnitude, int bins) {
            int frames = magnitude.length / bins;
            double[][] corners = corners(frames / MASK_FRAMES + 2, bins / MASK_BINS + 2);
            float[] masked = new float[magnitude.length];
            for (int i = 0; i < masked.length; i++) {
                masked[i] = (float) (magnitude[i]
                        * bilinear(corners, (double) (i / bins) / MASK_FRAMES, (double) (i % bins) / MASK_BINS));
            }
            return masked;
        }
    },
    /** XT: 1.25 times as long by linear interpolation between frames. */
    STRETCHED {
        @Override
        float[] change(float[] magnitude, int bins) {
            int last = magnitude.length / bins - 1;
            int frames = (int) (last * STRETCH) + 1;
            float[] stretched = new float[frames * bins];
            for (int frame = 0; frame < frames; frame++) {
                int from = Math.min(last, (int) (frame / STRETCH));
                double share = frame / STRETCH - from;
                int to = Math.min(last, from + 1);
                for (int bin = 0; bin < bins; bin++) {
                    stretched[frame * bins + bin] =
                            (float) ((1 - share) * magnitude[from * bins + bin] + share * magnitude[to * bins + bin]);
                }
            }
            return stretched;
        }
    };

    private static final double STRETCH = 1.25;

    /** The mask's grid. */
    private static final int MASK_FRAMES = 16;

    private static final int MASK_BINS = 32;
    private static final long MASK_SEED = 1;

    /** @param magnitude [frame][bin]; not modified */
    abstract float[] change(float[] magnitude, int bins);

    /** Of one channel of audio. */
    public MagnitudeSpectrogram of(AudioSignal audio, StftParameters parameters) {
        float[] magnitude = of(new Stft(parameters).forward(audio)).values(0);
        float[] changed = change(magnitude, parameters.bins());
        return new MagnitudeSpectrogram(
                new SpectrogramShape(Shape.SCALAR, parameters.bins(), changed.length / parameters.bins()),
                new float[][] {changed});
    }

    /** As they are, of every item. */
    public static MagnitudeSpectrogram of(ComplexSpectrogram z) {
        float[][] planes = z.shape().newPlanes();
        for (int item = 0; item < planes.length; item++) {
            for (int i = 0; i < planes[item].length; i++) {
                planes[item][i] = (float) Math.hypot(z.re(item)[i], z.im(item)[i]);
            }
        }
        return new MagnitudeSpectrogram(z.shape(), planes);
    }

    private static double[][] corners(int rows, int columns) {
        SplittableRandom random = new SplittableRandom(MASK_SEED);
        double[][] corners = new double[rows][columns];
        for (double[] row : corners) {
            for (int column = 0; column < columns; column++) {
                row[column] = random.nextDouble();
            }
        }
        return corners;
    }

    private static double bilinear(double[][] corners, double row, double column) {
        int r = (int) row;
        int c = (int) column;
        double below = (1 - (column - c)) * corners[r][c] + (column - c) * corners[r][c + 1];
        double above = (1 - (column - c)) * corners[r + 1][c] + (column - c) * corners[r + 1][c + 1];
        return (1 - (row - r)) * below + (row - r) * above;
    }
}
