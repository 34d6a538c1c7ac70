package dev.phasor.reconstruction;

import dev.phasor.phase.PhaseKernel;
import dev.phasor.phase.PhasePullback;
import dev.phasor.reconstruction.SpectrogramInverse.Inconsistency;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.ComplexRows;
import dev.phasor.signal.Plane;
import dev.phasor.signal.Ranges;
import dev.phasor.signal.SpectrogramShape;
import dev.phasor.stft.Stft;
import org.jspecify.annotations.Nullable;

/** A map of whole items in one pass over their values, which an {@link Accelerator} or the host computes. */
public sealed interface AcceleratedMap {

    /** What is measured and chosen by itself; the names are those of the endpoints. */
    enum Kind {
        STFT,
        ISTFT,
        PHASE,
        PHASE_VJP
    }

    Kind kind();

    /** The shape of the spectrograms that are passed over, whose planes may stand in any order. */
    SpectrogramShape shape();

    default int items() {
        return shape().items();
    }

    /** Values of all spectrograms, which the map's time grows with. */
    default double work() {
        return (double) items() * shape().planeSize();
    }

    /** The transform; null for maps that treat each value by itself. */
    default @Nullable Stft stft() {
        return null;
    }

    /** Computes it by the host's kernels. */
    void onHost();

    /** @param out Modified: the spectrogram. */
    record Forward(Stft stft, AudioSignal audio, ComplexRows out) implements AcceleratedMap {

        @Override
        public Kind kind() {
            return Kind.STFT;
        }

        @Override
        public SpectrogramShape shape() {
            return out.shape();
        }

        public int length() {
            return audio.length();
        }

        @Override
        public void onHost() {
            Ranges.each(items(), item -> stft.forward(audio.samples(item), out.re(item), out.im(item)));
        }
    }

    /**
     * The least-squares inverse, and how far the spectrogram of what it finds is from the one that came.
     *
     * @param kernel the host's
     * @param samples Modified: the audio, one array an item, all of one length.
     * @param found Modified: one an item.
     */
    record Inverse(Stft stft, IterationKernel kernel, ComplexRows spectrogram, float[][] samples, Inconsistency[] found)
            implements AcceleratedMap {

        @Override
        public Kind kind() {
            return Kind.ISTFT;
        }

        @Override
        public SpectrogramShape shape() {
            return spectrogram.shape();
        }

        public int length() {
            return samples[0].length;
        }

        @Override
        public void onHost() {
            Ranges.each(
                    items(),
                    item -> found[item] = SpectrogramInverse.of(
                            stft, kernel, spectrogram.re(item), spectrogram.im(item), samples[item]));
        }

        /** Takes what was found of an item, whose samples are there: squares of each frame, all times one factor. */
        public void find(int item, float[] distances, float[] energies) {
            found[item] = SpectrogramInverse.inconsistency(distances, energies);
        }
    }

    /** @param phase Modified: the angles, one plane an item, in the order of {@code z}. */
    record Angle(PhaseKernel kernel, ComplexRows z, float[] phase) implements AcceleratedMap {

        @Override
        public Kind kind() {
            return Kind.PHASE;
        }

        @Override
        public SpectrogramShape shape() {
            return z.shape();
        }

        @Override
        public void onHost() {
            for (int item = 0; item < z.items(); item++) {
                kernel.angle(z.rePlane(item), z.imPlane(item), plane(item));
            }
        }

        /** The angles of an item. */
        public Plane plane(int item) {
            int size = z.shape().planeSize();
            return new Plane(phase, item * size, size);
        }
    }

    record AngleVjp(PhasePullback pullback) implements AcceleratedMap {

        @Override
        public Kind kind() {
            return Kind.PHASE_VJP;
        }

        @Override
        public SpectrogramShape shape() {
            return pullback.z().shape();
        }

        @Override
        public void onHost() {
            pullback.compute();
        }
    }
}
