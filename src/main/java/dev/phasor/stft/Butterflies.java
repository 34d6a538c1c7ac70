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
     * @param z Modified, from {@code from} to {@code to} - 1.
     * @param re offset of a number's real part, {@code im} of its imaginary part: 0 or {@link Lanes#COUNT}
     */
    static void radix4(float[] z, int from, int to, int re, int im, int block, float[] twiddles) {
        int quarter = block / 4 * PAIR;
        int step = block * PAIR;
        for (int k = 0; k < block / 4; k++) {
            FloatVector c1 = FloatVector.broadcast(SPECIES, twiddles[6 * k]);
            FloatVector s1 = FloatVector.broadcast(SPECIES, twiddles[6 * k + 1]);
            FloatVector c2 = FloatVector.broadcast(SPECIES, twiddles[6 * k + 2]);
            FloatVector s2 = FloatVector.broadcast(SPECIES, twiddles[6 * k + 3]);
            FloatVector c3 = FloatVector.broadcast(SPECIES, twiddles[6 * k + 4]);
            FloatVector s3 = FloatVector.broadcast(SPECIES, twiddles[6 * k + 5]);
            for (int i = from + k * PAIR; i < to; i += step) {
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

    /**
     * The last two stages if the number of points is not a power of 4: radix 4 in each block of 8 complex numbers, then
     * sums and differences of neighbors, which are in registers still.
     *
     * @param z Modified, from {@code from} to {@code to} - 1.
     * @param turns e^(-2 pi i j / 8), j = 1..3, as cos, sin pairs from index 6 on
     */
    static void radix8(float[] z, int from, int to, int re, int im, float[] turns) {
        FloatVector c1 = FloatVector.broadcast(SPECIES, turns[6]);
        FloatVector s1 = FloatVector.broadcast(SPECIES, turns[7]);
        FloatVector c2 = FloatVector.broadcast(SPECIES, turns[8]);
        FloatVector s2 = FloatVector.broadcast(SPECIES, turns[9]);
        FloatVector c3 = FloatVector.broadcast(SPECIES, turns[10]);
        FloatVector s3 = FloatVector.broadcast(SPECIES, turns[11]);
        for (int i = from; i < to; i += 8 * PAIR) {
            // Even numbers: a, b, c, d, whose turns are 1.
            FloatVector aRe = FloatVector.fromArray(SPECIES, z, i + re);
            FloatVector aIm = FloatVector.fromArray(SPECIES, z, i + im);
            FloatVector bRe = FloatVector.fromArray(SPECIES, z, i + 2 * PAIR + re);
            FloatVector bIm = FloatVector.fromArray(SPECIES, z, i + 2 * PAIR + im);
            FloatVector cRe = FloatVector.fromArray(SPECIES, z, i + 4 * PAIR + re);
            FloatVector cIm = FloatVector.fromArray(SPECIES, z, i + 4 * PAIR + im);
            FloatVector dRe = FloatVector.fromArray(SPECIES, z, i + 6 * PAIR + re);
            FloatVector dIm = FloatVector.fromArray(SPECIES, z, i + 6 * PAIR + im);
            FloatVector sumRe = aRe.add(cRe);
            FloatVector sumIm = aIm.add(cIm);
            FloatVector differenceRe = aRe.sub(cRe);
            FloatVector differenceIm = aIm.sub(cIm);
            FloatVector otherRe = bRe.add(dRe);
            FloatVector otherIm = bIm.add(dIm);
            FloatVector turnedRe = bIm.sub(dIm);
            FloatVector turnedIm = dRe.sub(bRe);
            FloatVector y0Re = sumRe.add(otherRe);
            FloatVector y0Im = sumIm.add(otherIm);
            FloatVector y1Re = differenceRe.add(turnedRe);
            FloatVector y1Im = differenceIm.add(turnedIm);
            FloatVector y2Re = sumRe.sub(otherRe);
            FloatVector y2Im = sumIm.sub(otherIm);
            FloatVector y3Re = differenceRe.sub(turnedRe);
            FloatVector y3Im = differenceIm.sub(turnedIm);
            // Odd numbers: e, f, g, h.
            FloatVector eRe = FloatVector.fromArray(SPECIES, z, i + PAIR + re);
            FloatVector eIm = FloatVector.fromArray(SPECIES, z, i + PAIR + im);
            FloatVector fRe = FloatVector.fromArray(SPECIES, z, i + 3 * PAIR + re);
            FloatVector fIm = FloatVector.fromArray(SPECIES, z, i + 3 * PAIR + im);
            FloatVector gRe = FloatVector.fromArray(SPECIES, z, i + 5 * PAIR + re);
            FloatVector gIm = FloatVector.fromArray(SPECIES, z, i + 5 * PAIR + im);
            FloatVector hRe = FloatVector.fromArray(SPECIES, z, i + 7 * PAIR + re);
            FloatVector hIm = FloatVector.fromArray(SPECIES, z, i + 7 * PAIR + im);
            FloatVector oddSumRe = eRe.add(gRe);
            FloatVector oddSumIm = eIm.add(gIm);
            FloatVector oddDifferenceRe = eRe.sub(gRe);
            FloatVector oddDifferenceIm = eIm.sub(gIm);
            FloatVector oddOtherRe = fRe.add(hRe);
            FloatVector oddOtherIm = fIm.add(hIm);
            FloatVector oddTurnedRe = fIm.sub(hIm);
            FloatVector oddTurnedIm = hRe.sub(fRe);
            FloatVector w0Re = oddSumRe.add(oddOtherRe);
            FloatVector w0Im = oddSumIm.add(oddOtherIm);
            y0Re.add(w0Re).intoArray(z, i + re);
            y0Im.add(w0Im).intoArray(z, i + im);
            y0Re.sub(w0Re).intoArray(z, i + PAIR + re);
            y0Im.sub(w0Im).intoArray(z, i + PAIR + im);
            FloatVector v1Re = oddDifferenceRe.add(oddTurnedRe);
            FloatVector v1Im = oddDifferenceIm.add(oddTurnedIm);
            FloatVector w1Re = v1Re.mul(c1).sub(v1Im.mul(s1));
            FloatVector w1Im = v1Re.mul(s1).add(v1Im.mul(c1));
            y1Re.add(w1Re).intoArray(z, i + 2 * PAIR + re);
            y1Im.add(w1Im).intoArray(z, i + 2 * PAIR + im);
            y1Re.sub(w1Re).intoArray(z, i + 3 * PAIR + re);
            y1Im.sub(w1Im).intoArray(z, i + 3 * PAIR + im);
            FloatVector v2Re = oddSumRe.sub(oddOtherRe);
            FloatVector v2Im = oddSumIm.sub(oddOtherIm);
            FloatVector w2Re = v2Re.mul(c2).sub(v2Im.mul(s2));
            FloatVector w2Im = v2Re.mul(s2).add(v2Im.mul(c2));
            y2Re.add(w2Re).intoArray(z, i + 4 * PAIR + re);
            y2Im.add(w2Im).intoArray(z, i + 4 * PAIR + im);
            y2Re.sub(w2Re).intoArray(z, i + 5 * PAIR + re);
            y2Im.sub(w2Im).intoArray(z, i + 5 * PAIR + im);
            FloatVector v3Re = oddDifferenceRe.sub(oddTurnedRe);
            FloatVector v3Im = oddDifferenceIm.sub(oddTurnedIm);
            FloatVector w3Re = v3Re.mul(c3).sub(v3Im.mul(s3));
            FloatVector w3Im = v3Re.mul(s3).add(v3Im.mul(c3));
            y3Re.add(w3Re).intoArray(z, i + 6 * PAIR + re);
            y3Im.add(w3Im).intoArray(z, i + 6 * PAIR + im);
            y3Re.sub(w3Re).intoArray(z, i + 7 * PAIR + re);
            y3Im.sub(w3Im).intoArray(z, i + 7 * PAIR + im);
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
