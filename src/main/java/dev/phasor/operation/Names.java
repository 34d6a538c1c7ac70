package dev.phasor.operation;

import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Names of parameters and values as people type them: other libraries' names, and typing errors. */
final class Names {

    /** Of parameters, as librosa's, torch's, torchaudio's and scipy's users know them. */
    private static final Map<String, String> PARAMETERS = Map.ofEntries(
            Map.entry("sr", "sample_rate"),
            Map.entry("fs", "sample_rate"),
            Map.entry("rate", "sample_rate"),
            Map.entry("samplerate", "sample_rate"),
            Map.entry("sampling_rate", "sample_rate"),
            Map.entry("nfft", "n_fft"),
            Map.entry("fft_size", "n_fft"),
            Map.entry("fft_length", "n_fft"),
            Map.entry("hop", "hop_length"),
            Map.entry("hop_size", "hop_length"),
            Map.entry("frame_step", "hop_length"),
            Map.entry("win_size", "win_length"),
            Map.entry("window_length", "win_length"),
            Map.entry("frame_length", "win_length"),
            Map.entry("niter", "n_iter"),
            Map.entry("n_iters", "n_iter"),
            Map.entry("iterations", "n_iter"),
            Map.entry("random_state", "seed"),
            Map.entry("centered", "center"),
            Map.entry("window_std", "std"),
            Map.entry("speed", "rate"),
            Map.entry("n_steps", "semitones"),
            Map.entry("preset", "mel"),
            Map.entry("mel_preset", "mel"),
            Map.entry("num_mels", "n_mels"),
            Map.entry("f_min", "fmin"),
            Map.entry("f_max", "fmax"));

    /** Of the values of choices. No name stands for two of them. */
    private static final Map<String, String> VALUES = Map.ofEntries(
            Map.entry("hanning", "hann"),
            Map.entry("hann_window", "hann"),
            Map.entry("hamming_window", "hamming"),
            Map.entry("blackman_harris", "blackmanharris"),
            Map.entry("triangular", "bartlett"),
            Map.entry("ones", "boxcar"),
            Map.entry("rect", "boxcar"),
            Map.entry("rectangular", "boxcar"),
            Map.entry("replicate", "edge"),
            Map.entry("zero", "constant"),
            Map.entry("zeros", "constant"),
            Map.entry("griffin_lim", "griffinlim"),
            Map.entry("gl", "griffinlim"),
            Map.entry("gla", "griffinlim"),
            Map.entry("fgla", "fast_griffinlim"),
            Map.entry("fast_griffin_lim", "fast_griffinlim"),
            Map.entry("mag", "magnitude"),
            Map.entry("int16", "pcm16"),
            Map.entry("int24", "pcm24"),
            Map.entry("l2", "mse"),
            Map.entry("mae", "l1"));

    /** Letters that a typing error may add, take away or exchange. */
    private static final int MOST_ERRORS = 2;

    private Names() {}

    /** Our name of a parameter. */
    static String parameter(String typed) {
        return PARAMETERS.getOrDefault(typed, typed);
    }

    /**
     * A name that no array of an answer has.
     *
     * @param inputs names of the arrays beside it: a Gaussian window's {@code std} is not that of a mel's statistics
     */
    static String described(Parameter<?> parameter, Set<String> inputs) {
        String name = parameter == Parameter.MEL ? "preset" : parameter.wireName();
        return inputs.contains(name) ? "window_" + name : name;
    }

    /** Our name of a choice's value. */
    static String value(String typed) {
        String name = typed.replace('-', '_');
        return VALUES.getOrDefault(name, typed);
    }

    /** {@code "; did you mean hop_length?"} where a name is nearly one of these, else nothing. */
    static String nearest(String typed, Collection<String> names) {
        Optional<String> near = names.stream()
                .filter(name -> distance(typed, name) <= Math.min(MOST_ERRORS, name.length() / 3))
                .min(Comparator.comparingInt(name -> distance(typed, name)));
        return near.map(name -> "; did you mean " + name + "?").orElse("");
    }

    /** The fewest letters to be added, taken away or exchanged (Levenshtein 1966), row by row; of long names many. */
    private static int distance(String a, String b) {
        if (Math.abs(a.length() - b.length()) > MOST_ERRORS) {
            return Integer.MAX_VALUE;
        }
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int exchanged = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(exchanged, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
