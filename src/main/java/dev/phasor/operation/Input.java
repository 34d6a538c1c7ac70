package dev.phasor.operation;

import static dev.phasor.signal.InvalidInputException.badParameter;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A value that some {@link Endpoint} takes, by its name in forms, NPZ, JSON and {@code /v2}. */
public enum Input {
    /** A raw body, and the part of a form that stands for it: its type and axes tell what it is. */
    FILE,
    AUDIO,
    SPECTROGRAM,
    MAGNITUDE,
    MEL,
    /** Of each mel, taken from a log-mel before it is one: (value - mean) / std. */
    MEAN,
    STD,
    /** Mel filters of one's own, [mels, bins]. */
    FILTERBANK,
    PHASE,
    COTANGENT,
    TARGET,
    REFERENCE,
    MASK,
    /** Points of a time map, [points, 2]: seconds of the source, and when they are heard. */
    TIME_MAP,
    /** Complex estimates of a mixture's sources, [sources, ..., bins, frames]. */
    ESTIMATE;

    /** As it stands in a request. */
    public String wireName() {
        return Parameters.wire(this);
    }

    public static Optional<Input> find(String name) {
        return Arrays.stream(values())
                .filter(input -> input.wireName().equals(name))
                .findFirst();
    }

    /** @throws dev.phasor.signal.InvalidInputException {@code BAD_PARAMETER}, listing the names */
    public static Input of(String name) {
        return find(name)
                .orElseThrow(() -> badParameter(
                        "the name of an input",
                        "one of " + names(List.of(values())).sorted().toList(),
                        name));
    }

    static Stream<String> names(List<Input> inputs) {
        return inputs.stream().map(Input::wireName);
    }
}
