package dev.phasor.web.model;

import static dev.phasor.signal.InvalidInputException.badParameter;
import static java.util.Objects.requireNonNull;

import dev.phasor.codec.NpyArray;
import dev.phasor.operation.Answer;
import dev.phasor.signal.Shape;
import dev.phasor.web.model.InferRequest.Wanted;
import java.util.List;
import java.util.Map;

/**
 * An output of an answer, FP32.
 *
 * @param binary whether it is returned as binary data
 */
public record OutputTensor(String name, NpyArray array, boolean binary) {

    /** The shape of a scalar output: the protocol's tensors have at least one axis. */
    private static final Shape ONE = Shape.of(1);

    /**
     * The outputs that were asked for, in that order, or all of them.
     *
     * @throws dev.phasor.signal.InvalidInputException {@code BAD_PARAMETER} for one that these inputs do not have
     */
    public static List<OutputTensor> of(InferRequest asked, Answer answer) {
        Map<String, NpyArray> arrays = answer.arrays();
        if (asked.outputs().isEmpty()) {
            return arrays.entrySet().stream()
                    .map(entry -> new OutputTensor(entry.getKey(), entry.getValue(), asked.binary()))
                    .toList();
        }
        for (Wanted wanted : asked.outputs()) {
            if (!arrays.containsKey(wanted.name())) {
                throw badParameter("an output", "one that these inputs have, of " + arrays.keySet(), wanted.name());
            }
        }
        return asked.outputs().stream()
                .map(wanted ->
                        new OutputTensor(wanted.name(), requireNonNull(arrays.get(wanted.name())), wanted.binary()))
                .toList();
    }

    /** The size of each axis. */
    public int[] shape() {
        return (array.shape().rank() == 0 ? ONE : array.shape()).toArray();
    }

    /** Bytes of its values. */
    public long bytes() {
        return (long) Float.BYTES * array.real().length;
    }
}
