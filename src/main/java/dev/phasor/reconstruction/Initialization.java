package dev.phasor.reconstruction;

import dev.phasor.signal.InvalidInputException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The phase that an iterative algorithm starts from. */
public enum Initialization {
    PGHI,
    SPSI,
    /** Uniformly random, from the seed. */
    RANDOM,
    /** Phase 0 at the start of every frame, as in torchaudio. It stalls on pure tones. */
    ZERO,
    /** {@link ReconstructionParameters#given()}. */
    GIVEN;

    /** The name in a request. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws InvalidInputException {@code BAD_PARAMETER}, listing the names */
    public static Initialization parse(String name) {
        return Arrays.stream(values())
                .filter(init -> init.wireName().equals(name))
                .findFirst()
                .orElseThrow(() -> InvalidInputException.badParameter(
                        "init",
                        "one of "
                                + Arrays.stream(values())
                                        .map(Initialization::wireName)
                                        .collect(Collectors.joining(", ")),
                        name));
    }
}
