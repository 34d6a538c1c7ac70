package dev.phasor;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What is wrong with an input is said with its code. */
public final class Refused {

    private Refused() {}

    public static AbstractThrowableAssert<?, ?> assertRefused(Code code, ThrowingCallable call) {
        return assertThatThrownBy(call)
                .isInstanceOf(InvalidInputException.class)
                .hasFieldOrPropertyWithValue("code", code);
    }
}
