package dev.phasor.web.model;

import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.signal.Shape;
import java.util.Arrays;
import java.util.List;

/**
 * An input or output of a model, as the metadata describes it.
 *
 * @param datatype the datatype of outputs; an input may have any {@link Datatype}
 * @param shape the size of each axis; −1 for any size
 */
public record Tensor(String name, String datatype, List<Integer> shape) {

    /** Any size. */
    public static final int ANY = -1;

    /** An audio tensor, {@code [batch, samples]}. */
    static Tensor audio(String name) {
        return of(name, ANY, ANY);
    }

    /** A complex tensor, {@code [batch, 2, bins, frames]}: real parts, then imaginary parts. */
    static Tensor complex(String name) {
        return of(name, ANY, 2, ANY, ANY);
    }

    /** A real tensor, {@code [batch, bins, frames]}. */
    static Tensor real(String name) {
        return of(name, ANY, ANY, ANY);
    }

    /** Real planes of sources, {@code [sources, batch, bins, frames]}. */
    static Tensor sources(String name) {
        return of(name, ANY, ANY, ANY, ANY);
    }

    /** Complex planes of sources, {@code [sources, batch, 2, bins, frames]}. */
    static Tensor complexSources(String name) {
        return of(name, ANY, ANY, 2, ANY, ANY);
    }

    static Tensor of(String name, Integer... shape) {
        return new Tensor(name, Datatype.FP32.name(), List.of(shape));
    }

    /** @throws InvalidInputException {@code SHAPE_MISMATCH} if the shape does not fit */
    void check(Shape given) {
        boolean fits = given.rank() == shape.size();
        for (int axis = 0; fits && axis < given.rank(); axis++) {
            int wanted = shape.get(axis);
            fits = given.size(axis) > 0 && (wanted == ANY || wanted == given.size(axis));
        }
        if (!fits) {
            throw new InvalidInputException(
                    Code.SHAPE_MISMATCH,
                    "the shape of " + name + " must be " + shape + " with -1 for any size >= 1, got "
                            + Arrays.toString(given.toArray()));
        }
    }
}
