package dev.phasor.spark;

import dev.phasor.codec.NpyArray;
import dev.phasor.compute.MemoryBudget;
import dev.phasor.operation.Input;
import dev.phasor.operation.Inputs;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.Shape;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Map;
import scala.collection.Seq;

/** A value of a column: the bytes of a file, or samples. */
final class Sound {

    private final Object value;

    Sound(Object value) {
        this.value = value;
    }

    /** @throws InvalidInputException for another type, and for a file that cannot be read */
    void read(Input input, Inputs inputs, Map<String, String> description, MemoryBudget.Reservation memory)
            throws IOException {
        if (value instanceof byte[] bytes) {
            new SourceFile(inputs, description, memory).read(input, new ByteArrayInputStream(bytes), bytes.length);
        } else if (value instanceof Seq<?> samples) {
            float[] floats = new float[samples.length()];
            for (int i = 0; i < floats.length; i++) {
                floats[i] = ((Number) samples.apply(i)).floatValue();
            }
            inputs.put(input, NpyArray.real(Shape.of(floats.length), floats));
        } else {
            throw InvalidInputException.badParameter(
                    "a sound",
                    "BINARY, a file's bytes, or an ARRAY of numbers, samples",
                    value.getClass().getName());
        }
    }
}
