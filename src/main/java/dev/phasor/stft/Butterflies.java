package dev.phasor.stft;

import static dev.phasor.stft.Lanes.COUNT;
import static dev.phasor.stft.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;

/**
 * The steps of a {@link VectorRealFft}. A complex number is two vectors, the real and the imaginary parts of all lanes.
 */
final class Butterflies {

    private static final int PAIR = 2 * COUNT;

    private Butterflies() {}

    /**
     * One stage of a radix-4 decimation in frequency, in each block of {@code block} complex numbers.
     *
     * @param z Modified.
     * @param re offset of a number's real part, {@code im} of its imaginary part: 0 or {@link Lanes#COUNT}
     */
    static void radix4(float[] z, int re, int im, int block, float[] twiddles) {
        int quarter = block / 4 * PAIR;
        int step = block * PAIR;
        for (int k = 0; k < block / 4; k++) {
            FloatVector c1 = FloatVector.broadcast(SPECIES, twiddles[6 * k]);
            FloatVector s1 = FloatVector.broadcast(SPECIES, twiddles[6 * k + 1]);
            FloatVector c2 = FloatVector.broadcast(SPECIES, twiddles[6 * k + 2]);
            FloatVector s2 = FloatVector.broadcast(SPECIES, twiddles[6 * k + 3]);
            FloatVector c3 = FloatVector.broadcast(SPECIES, twiddles[6 * k + 4]);
            FloatVector s3 = FloatVector.broadcast(SPECIES, twiddles[6 * k + 5]);
            for (int i = k * PAIR; i < z.length; i += step) {
                FloatVector aRe = FloatVector.fromArray(SPECIES, z, i + re);
                FloatVector aIm = FloatVector.fromArray(SPECIES, z, i + im);
                FloatVector bRe = FloatVector.fromArray(SPECIES, z, i + quarter + re);
                FloatVector bIm = FloatVector.fromArray(SPECIES, z, i + quarter + im);
                FloatVector cRe = FloatVector.fromArray(SPECIES, z, i + 2 * quarter + re);
                FloatVector cIm = FloatVector.fromArray(SPECIES, z, i + 2 * quarter + im);
                FloatVector dRe = FloatVector.fromArray(SPECIES, z, i + 3 * quarter + re);
                FloatVector dIm = FloatVector.fromArray(SPECIES, z, i + 3 * quarter + im);
                FloatVector sumRe = aRe.add(cRe);
                FloatVector sumIm = aIm.add(cIm);
                FloatVector differenceRe = aRe.sub(cRe);
                FloatVector differenceIm = aIm.sub(cIm);
                FloatVector otherRe = bRe.add(dRe);
                FloatVector otherIm = bIm.add(dIm);
                // -i (b - d)
                FloatVector turnedRe = bIm.sub(dIm);
                FloatVector turnedIm = dRe.sub(bRe);
                sumRe.add(otherRe).intoArray(z, i + re);
                sumIm.add(otherIm).intoArray(z, i + im);
                FloatVector y1Re = differenceRe.add(turnedRe);
                FloatVector y1Im = differenceIm.add(turnedIm);
                y1Re.mul(c1).sub(y1Im.mul(s1)).intoArray(z, i + quarter + re);
                y1Re.mul(s1).add(y1Im.mul(c1)).intoArray(z, i + quarter + im);
                FloatVector y2Re = sumRe.sub(otherRe);
                FloatVector y2Im = sumIm.sub(otherIm);
                y2Re.mul(c2).sub(y2Im.mul(s2)).intoArray(z, i + 2 * quarter + re);
                y2Re.mul(s2).add(y2Im.mul(c2)).intoArray(z, i + 2 * quarter + im);
                FloatVector y3Re = differenceRe.sub(turnedRe);
                FloatVector y3Im = differenceIm.sub(turnedIm);
                y3Re.mul(c3).sub(y3Im.mul(s3)).intoArray(z, i + 3 * quarter + re);
                y3Re.mul(s3).add(y3Im.mul(c3)).intoArray(z, i + 3 * quarter + im);
            }
        }
    }

    /** Sums and differences of neighbors: the last stage if the number of points is not a power of 4. */
    static void radix2(float[] z) {
        for (int i = 0; i < z.length; i += 2 * PAIR) {
            FloatVector aRe = FloatVector.fromArray(SPECIES, z, i);
            FloatVector aIm = FloatVector.fromArray(SPECIES, z, i + COUNT);
            FloatVector bRe = FloatVector.fromArray(SPECIES, z, i + PAIR);
            FloatVector bIm = FloatVector.fromArray(SPECIES, z, i + PAIR + COUNT);
            aRe.add(bRe).intoArray(z, i);
            aIm.add(bIm).intoArray(z, i + COUNT);
            aRe.sub(bRe).intoArray(z, i + PAIR);
            aIm.sub(bIm).intoArray(z, i + PAIR + COUNT);
        }
    }

    /**
     * Converts the transform Z of x[2j] + i x[2j + 1] to the scaled transform of x: X[k] = E + w^k O and X[N/2 - k]* =
     * E - w^k O, with E = (Z[k] + Z[N/2 - k]*)/2 and O = (Z[k] - Z[N/2 - k]*)/2i.
     *
     * @param re Modified, [bin][lane] from {@code offset} on, as is {@code im}
     */
    static void split(
            float[] z, int[] place, float[] halfTurns, float edge, float inner, float[] re, float[] im, int offset) {
        int half = place.length;
        FloatVector evenSum = FloatVector.fromArray(SPECIES, z, 0);
        FloatVector oddSum = FloatVector.fromArray(SPECIES, z, COUNT);
        FloatVector zero = FloatVector.zero(SPECIES);
        evenSum.add(oddSum).mul(edge).intoArray(re, offset);
        evenSum.sub(oddSum).mul(edge).intoArray(re, offset + half * COUNT);
        zero.intoArray(im, offset);
        zero.intoArray(im, offset + half * COUNT);
        for (int k = 1; k <= half / 2; k++) {
            int low = place[k] * PAIR;
            int high = place[half - k] * PAIR;
            FloatVector aRe = FloatVector.fromArray(SPECIES, z, low);
            FloatVector aIm = FloatVector.fromArray(SPECIES, z, low + COUNT);
            FloatVector bRe = FloatVector.fromArray(SPECIES, z, high);
            FloatVector bIm = FloatVector.fromArray(SPECIES, z, high + COUNT);
            FloatVector eRe = aRe.add(bRe).mul(0.5f * inner);
            FloatVector eIm = aIm.sub(bIm).mul(0.5f * inner);
            FloatVector oRe = aIm.add(bIm).mul(0.5f * inner);
            FloatVector oIm = bRe.sub(aRe).mul(0.5f * inner);
            FloatVector c = FloatVector.broadcast(SPECIES, halfTurns[2 * k]);
            FloatVector s = FloatVector.broadcast(SPECIES, halfTurns[2 * k + 1]);
            FloatVector tRe = oRe.mul(c).sub(oIm.mul(s));
            FloatVector tIm = oRe.mul(s).add(oIm.mul(c));
            eRe.sub(tRe).intoArray(re, offset + (half - k) * COUNT);
            tIm.sub(eIm).intoArray(im, offset + (half - k) * COUNT);
            eRe.add(tRe).intoArray(re, offset + k * COUNT);
            eIm.add(tIm).intoArray(im, offset + k * COUNT);
        }
    }

    /**
     * The inverse of {@link #split}, times N: Z[k] = E + i O with E = X[k] + X[N/2 - k]* and O = (X[k] - X[N/2 - k]*)
     * w^-k, where X is scaled first.
     */
    static void merge(float[] re, float[] im, int offset, float[] halfTurns, float edge, float inner, float[] z) {
        int half = z.length / PAIR;
        FloatVector first = FloatVector.fromArray(SPECIES, re, offset).mul(edge);
        FloatVector last =
                FloatVector.fromArray(SPECIES, re, offset + half * COUNT).mul(edge);
        first.add(last).intoArray(z, 0);
        first.sub(last).intoArray(z, COUNT);
        for (int k = 1; k <= half / 2; k++) {
            int mirror = half - k;
            FloatVector aRe = FloatVector.fromArray(SPECIES, re, offset + k * COUNT);
            FloatVector aIm = FloatVector.fromArray(SPECIES, im, offset + k * COUNT);
            FloatVector bRe = FloatVector.fromArray(SPECIES, re, offset + mirror * COUNT);
            FloatVector bIm = FloatVector.fromArray(SPECIES, im, offset + mirror * COUNT);
            FloatVector eRe = aRe.add(bRe).mul(inner);
            FloatVector eIm = aIm.sub(bIm).mul(inner);
            FloatVector dRe = aRe.sub(bRe).mul(inner);
            FloatVector dIm = aIm.add(bIm).mul(inner);
            FloatVector c = FloatVector.broadcast(SPECIES, halfTurns[2 * k]);
            FloatVector s = FloatVector.broadcast(SPECIES, halfTurns[2 * k + 1]);
            FloatVector oRe = dRe.mul(c).add(dIm.mul(s));
            FloatVector oIm = dIm.mul(c).sub(dRe.mul(s));
            eRe.add(oIm).intoArray(z, mirror * PAIR);
            oRe.sub(eIm).intoArray(z, mirror * PAIR + COUNT);
            eRe.sub(oIm).intoArray(z, k * PAIR);
            eIm.add(oRe).intoArray(z, k * PAIR + COUNT);
        }
    }
}
