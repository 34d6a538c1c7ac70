package dev.phasor.reconstruction;

import dev.phasor.signal.Ranges;
import dev.phasor.stft.FrameLoop;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The rounds of a {@link Repair} on one signal. A round draws bins by their error, far enough from each other, and
 * takes over what lowers the error around them. It depends on the rounds before it alone. Work counts as iterations by
 * the frames and the part of their bins that it passes over: {@link Neighborhood#work}.
 */
final class RepairRounds {

    /** The least n_fft/2 of a band. */
    private static final int LEAST_BINS = 32;

    private static final int FLOAT_BITS = 24;

    private final Session session;
    private final String stage;
    private final int until;
    private final Problem problem;
    private final StftParameters stft;
    private final int bins;
    private final double scale;
    private final int first;
    private final int end;
    private final int count;
    private final FrameLoop loop;
    private final int factor;
    private final Stft band;
    private final float[] samples;
    /** (|z| - M)^2, [frame][bin], and the sum of each frame. */
    private final float[] errors;

    private final double[] sums;
    /** Work of an iteration over the whole, in that of {@link Neighborhood#work}. */
    private final long each;

    private long work;
    private int round;

    /**
     * @param stage under which they are kept
     * @param round the number of the first one, by which bins are drawn
     * @param from the iteration at which they begin
     * @param samples where they begin, unless they were kept. Modified.
     */
    RepairRounds(Session session, String stage, int round, int from, int until, float[] samples) {
        this.session = session;
        this.stage = stage;
        this.round = round;
        this.until = until;
        this.samples = samples;
        problem = session.problem();
        stft = problem.stft().parameters();
        bins = problem.bins();
        scale = Math.scalb(1.0, -MagnitudeTarget.exponent(problem.magnitude()));
        int[] range = Repair.range(problem);
        first = range[0];
        end = range[1];
        count = Repair.frames(stft);
        StftParameters uncentered = NarrowBand.parameters(stft, 1);
        loop = problem.kernels().stft(uncentered).frameLoop(count, uncentered.defaultLength(count));
        factor = factor(stft);
        band = problem.kernels().stft(NarrowBand.parameters(stft, factor));
        errors = new float[problem.magnitude().length];
        sums = new double[problem.frames()];
        each = each(stft, problem.frames());
        work = each * from;
    }

    private static int factor(StftParameters stft) {
        int factor = 2;
        while (stft.fftSize() / factor / 4 >= LEAST_BINS && NarrowBand.exists(stft, 2 * factor)) {
            factor *= 2;
        }
        return factor;
    }

    private static long each(StftParameters stft, int frames) {
        return 2L * factor(stft) * frames;
    }

    /** Whether a neighborhood fits into so many iterations. */
    static boolean fits(StftParameters stft, int frames, int iterations) {
        return Neighborhood.mostWork(Repair.frames(stft), factor(stft)) <= each(stft, frames) * iterations;
    }

    /** Runs, and returns the samples. */
    float[] run() {
        float[] numbers = new float[3];
        if (session.resume(stage, samples, errors, numbers)) {
            round = (int) numbers[0];
            work = ((long) numbers[1] << FLOAT_BITS) + (long) numbers[2];
        } else {
            measure();
        }
        Ranges.forEach(sums.length, errors.length, 1, this::sum);
        while (session.goesOn(until) && repair(places())) {
            round++;
            session.worked((int) (work / each), Arrays.stream(sums).sum());
            long low = work & (1L << FLOAT_BITS) - 1;
            session.keep(stage, samples, errors, new float[] {round, work >> FLOAT_BITS, low});
        }
        return samples;
    }

    private void measure() {
        session.loop().analyze(samples, (tile, re, im) -> {
            float[] magnitude = new float[re.length];
            session.loop().cut(problem.magnitude(), tile, magnitude);
            for (int i = 0; i < re.length; i++) {
                float off = (float) (Math.sqrt(re[i] * re[i] + im[i] * im[i]) - scale * magnitude[i]);
                re[i] = off * off;
            }
            session.loop().put(re, tile, errors);
        });
    }

    private void sum(int from, int to) {
        for (int frame = from; frame < to; frame++) {
            sums[frame] = sum(errors, frame * bins, (frame + 1) * bins);
        }
    }

    private static double sum(float[] values, int from, int to) {
        double[] sum = new double[1];
        Ranges.inOrder(to - from, (start, stop) -> {
            for (int i = from + start; i < from + stop; i++) {
                sum[0] += values[i];
            }
        });
        return sum[0];
    }

    /** Draws neighborhoods whose frames do not meet, as many as fit into the iterations. */
    private List<Neighborhood.Around> places() {
        SplittableRandom random = new SplittableRandom(
                problem.parameters().seed() + 0x9E3779B97F4A7C15L * (problem.item() + 1L + ((long) round << 20)));
        double[] upTo = Arrays.copyOfRange(sums, first, end);
        for (int i = 1; i < upTo.length; i++) {
            upTo[i] += upTo[i - 1];
        }
        int most = (int)
                Math.min(Repair.atOnce(end - first), (each * until - work) / Neighborhood.mostWork(count, factor));
        List<Neighborhood.Around> places = new ArrayList<>();
        for (int i = 0; i < most && upTo[upTo.length - 1] > 0; i++) {
            int found = Arrays.binarySearch(upTo, random.nextDouble() * upTo[upTo.length - 1]);
            int frame = first + Math.min(upTo.length - 1, found < 0 ? -1 - found : found + 1);
            Neighborhood.Around place = place(frame, random);
            if (places.stream().noneMatch(place::meets)) {
                places.add(place);
            }
        }
        return places;
    }

    private Neighborhood.Around place(int frame, SplittableRandom random) {
        double left = random.nextDouble() * sums[frame];
        int bin = 0;
        while (bin < bins - 1 && (left -= errors[frame * bins + bin]) >= 0) {
            bin++;
        }
        int from = frame - count / 2 + random.nextInt(count / 4) - count / 8;
        from = Math.max(first, Math.min(end - count, from));
        int width = band.parameters().bins() - 1;
        int lowest = Math.max(0, Math.min(bins - 1 - width, bin - width / 2));
        lowest = lowest < width / 4 ? 0 : lowest;
        return new Neighborhood.Around(from, count, frame - from, lowest, bin - lowest, random.nextLong());
    }

    /** False if there are no places. */
    private boolean repair(List<Neighborhood.Around> places) {
        Neighborhood[] all = places.stream().map(this::neighborhood).toArray(Neighborhood[]::new);
        Ranges.each(all.length, i -> all[i].search());
        for (Neighborhood neighborhood : all) {
            work += neighborhood.work();
            take(neighborhood);
        }
        return all.length > 0;
    }

    private Neighborhood neighborhood(Neighborhood.Around place) {
        int from = place.first() * stft.hopLength() - stft.pad();
        float[] magnitude =
                Arrays.copyOfRange(problem.magnitude(), place.first() * bins, (place.first() + count) * bins);
        Ranges.inOrder(magnitude.length, (start, stop) -> {
            for (int i = start; i < stop; i++) {
                magnitude[i] = (float) (scale * magnitude[i]);
            }
        });
        return new Neighborhood(
                session.kernel(),
                stft,
                loop,
                band,
                place,
                magnitude,
                Arrays.copyOfRange(samples, from, from + loop.length()));
    }

    /** Takes over what was found, if the error over all bins is lower. */
    private void take(Neighborhood neighborhood) {
        Neighborhood.Around place = neighborhood.place();
        float[] after = neighborhood.errors();
        int at = place.first() * bins;
        if (after != null && sum(after, 0, after.length) < sum(errors, at, at + after.length)) {
            System.arraycopy(after, 0, errors, at, after.length);
            float[] found = neighborhood.samples();
            System.arraycopy(found, 0, samples, place.first() * stft.hopLength() - stft.pad(), found.length);
            sum(place.first(), place.first() + count);
        }
    }
}
