package dev.phasor.stft;

import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.signal.Ranges;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A periodic (DFT-even) analysis window, unless its kind says otherwise: {@code scipy.signal.get_window(name,
 * windowLength, fftbins=True)}.
 *
 * @param parameter kaiser's beta, gaussian's standard deviation in samples; {@link #DEFAULT} for the kind's default,
 *     and for a kind that takes none
 */
public record Window(Kind kind, double parameter) {

    /** The kind's default: beta = 12 (as torch), std = windowLength/8 (the edge is at 4 standard deviations). */
    public static final double DEFAULT = Double.NaN;

    public static final Window HANN = new Window(Kind.HANN, DEFAULT);

    /** Larger values make I0(beta) overflow a double. */
    private static final double MAX_BETA = 700;

    private static final double DEFAULT_BETA = 12;

    /** The cost of I0 at the largest beta, whose series has some 700 terms, in elements of ordinary work. */
    private static final int BESSEL = 64;

    /** The shapes of windows. A name in a request is the constant in lower case. */
    public enum Kind {
        HANN(0.5, 0.5),
        HAMMING(0.54, 0.46),
        BLACKMAN(0.42, 0.5, 0.08),
        /** The minimum four-term Blackman-Harris window. */
        BLACKMANHARRIS(0.35875, 0.48829, 0.14128, 0.01168),
        /** The minimum four-term Blackman-Harris window according to Nuttall, scipy's. */
        NUTTALL(0.3635819, 0.4891775, 0.1365995, 0.0106411),
        /** A triangle that starts at 0. */
        BARTLETT,
        BOXCAR(1),
        /** I0(beta sqrt(1 - x^2)) / I0(beta), x from -1 to 1. */
        KAISER,
        /** exp(-t^2 / (2 std^2)), t in samples from the middle. */
        GAUSSIAN,
        /**
         * exp(-pi t^2 / (hop n_fft)), t in samples from the middle, cut to the window's length. Its spreads in time and
         * in frequency have the ratio of the grid of frames and bins: gamma = a M in Prusa, Balazs, Sondergaard, "A
         * Noniterative Method for Reconstruction of Phase from STFT Magnitude" (2017).
         */
        TRUNCATED_GAUSSIAN,
        /** Hann with 0 at both ends ({@code sym=True}, {@code periodic=False}), as NeMo's features have it. */
        HANN_SYMMETRIC(0.5, 0.5);

        /** a[k] in the cosine sum w[n] = sum_k (-1)^k a[k] cos(2 pi k n / windowLength); empty for other shapes. */
        private final double[] cosines;

        Kind(double... cosines) {
            this.cosines = cosines;
        }

        /** The name of the parameter in a request, {@code beta} or {@code std}; null for a kind without a parameter. */
        public @Nullable String parameterName() {
            return switch (this) {
                case KAISER -> "beta";
                case GAUSSIAN -> "std";
                default -> null;
            };
        }

        /** @throws InvalidInputException {@code BAD_PARAMETER}, listing the names */
        public static Kind parse(String name) {
            for (Kind kind : values()) {
                if (kind.wireName().equals(name)) {
                    return kind;
                }
            }
            String names = Arrays.stream(values()).map(Kind::wireName).collect(Collectors.joining(", "));
            throw InvalidInputException.badParameter("window", "one of " + names, name);
        }

        /** The name in a request. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @throws InvalidInputException {@code BAD_PARAMETER} unless the parameter is in its range */
    public Window {
        if (!Double.isNaN(parameter)) {
            checkParameter(kind, parameter);
        }
    }

    /**
     * The window of this name in a request.
     *
     * @param parameter null for the default
     * @throws InvalidInputException {@code BAD_PARAMETER} on an unknown name or a parameter out of range
     */
    public static Window parse(String name, @Nullable Double parameter) {
        Kind kind = Kind.parse(name);
        if (parameter == null) {
            return new Window(kind, DEFAULT);
        }
        checkParameter(kind, parameter);
        return new Window(kind, parameter);
    }

    private static void checkParameter(Kind kind, double value) {
        switch (kind) {
            case KAISER -> {
                if (!(value >= 0 && value <= MAX_BETA)) {
                    throw InvalidInputException.badParameter("beta", "in 0..700", value);
                }
            }
            case GAUSSIAN -> {
                if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
                    throw InvalidInputException.badParameter("std", "finite and > 0", value);
                }
            }
            default ->
                throw new InvalidInputException(
                        Code.BAD_PARAMETER, "window " + kind.wireName() + " takes no parameter, got " + value);
        }
    }

    /**
     * The window of a frame, placed as in librosa and torch: {@code windowLength} values from {@code (fftSize -
     * windowLength)/2} (rounded down) on, zeros outside.
     */
    public double[] coefficients(int windowLength, int fftSize, int hopLength) {
        double[] frame = new double[fftSize];
        int left = (fftSize - windowLength) / 2;
        if (windowLength == 1) {
            frame[left] = 1;
            return frame;
        }
        double sigma = std(windowLength);
        double gamma = (double) hopLength * fftSize;
        double beta = beta();
        double largest = kind == Kind.KAISER ? besselI0(beta) : 1;
        Ranges.inOrder(windowLength, kind == Kind.KAISER ? BESSEL : 1, (from, to) -> {
            for (int n = from; n < to; n++) {
                double t = n - windowLength / 2.0;
                frame[left + n] = switch (kind) {
                    case BARTLETT -> 1 - Math.abs(t) / (windowLength / 2.0);
                    case KAISER -> kaiser(beta, t / (windowLength / 2.0)) / largest;
                    case GAUSSIAN -> Math.exp(-0.5 * (t / sigma) * (t / sigma));
                    case TRUNCATED_GAUSSIAN -> Math.exp(-Math.PI * t * t / gamma);
                    case HANN_SYMMETRIC -> cosineSum(2 * Math.PI * n / (windowLength - 1));
                    default -> cosineSum(2 * Math.PI * n / windowLength);
                };
            }
        });
        return frame;
    }

    /** The parameter of a kind that has one, by its name in a request. */
    public Optional<Map.Entry<String, Double>> describe(int windowLength) {
        return switch (kind) {
            case KAISER -> Optional.of(Map.entry("beta", beta()));
            case GAUSSIAN -> Optional.of(Map.entry("std", std(windowLength)));
            default -> Optional.empty();
        };
    }

    private double beta() {
        return Double.isNaN(parameter) ? DEFAULT_BETA : parameter;
    }

    private double std(int windowLength) {
        return Double.isNaN(parameter) ? windowLength / 8.0 : parameter;
    }

    /**
     * The window for 1/factor of the length: its values are every factor-th value of this window. A symmetric window
     * has none.
     */
    public Window shortened(int factor) {
        return kind == Kind.GAUSSIAN ? new Window(kind, parameter / factor) : this;
    }

    private double cosineSum(double angle) {
        double sum = 0;
        double sign = 1;
        for (int k = 0; k < kind.cosines.length; k++, sign = -sign) {
            sum += sign * kind.cosines[k] * Math.cos(k * angle);
        }
        return sum;
    }

    private static double kaiser(double beta, double x) {
        return besselI0(beta * Math.sqrt(Math.max(0, 1 - x * x)));
    }

    /** The modified Bessel function I0 by its power series (Abramowitz, Stegun 9.6.12). Every term is positive. */
    private static double besselI0(double x) {
        double quarter = x * x / 4;
        double term = 1;
        double sum = 1;
        for (int k = 1; term > sum * 1e-17; k++) {
            term *= quarter / ((double) k * k);
            sum += term;
        }
        return sum;
    }
}
