package dev.phasor.web.model;

import static dev.phasor.signal.InvalidInputException.badParameter;

import dev.phasor.compute.Limits;
import dev.phasor.compute.MemoryBudget;
import dev.phasor.operation.Endpoint;
import dev.phasor.operation.LiveOperations;
import dev.phasor.operation.Parameter;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.signal.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the requests of one sequence, one channel: the parameters of the first one, and of each one the frames or
 * samples of its tensor, which may have none of them or be left out.
 */
public final class SequenceReader {

    private static final String N_FFT = Parameter.N_FFT.wireName();

    /** Tensors whose bins tell n_fft. */
    private static final Set<String> FRAMES = Set.of("spectrogram", "magnitude");

    private final Model model;
    private final Limits limits;
    private final Map<String, String> parameters;
    private final Tensor input;

    /**
     * @param start the first request
     * @throws InvalidInputException {@code BAD_PARAMETER} for a model that cannot be fed, or not with such a tensor
     */
    public SequenceReader(Model model, RequestParts start, Limits limits) {
        if (!LiveOperations.ALL.contains(model.endpoint())) {
            throw badParameter(
                    "the model of a sequence",
                    "one of "
                            + LiveOperations.ALL.stream()
                                    .map(Endpoint::wireName)
                                    .toList(),
                    model.wireName());
        }
        this.model = model;
        this.limits = limits;
        Map<String, String> sent = RequestAssembler.values(model, start.parameters());
        input = input(model, start, sent);
        if (model == Model.RECONSTRUCT) {
            sent.put("input", input.name());
        }
        int bins = bins(start);
        boolean isTold = sent.keySet().stream().map(model.endpoint()::named).anyMatch(N_FFT::equals);
        if (bins > 1 && !isTold) {
            sent.put(N_FFT, String.valueOf(2 * (bins - 1)));
        }
        parameters = Map.copyOf(sent);
    }

    /** Those of the frames that the first request brings; 0 where it brings none. */
    private int bins(RequestParts start) {
        List<? extends RequestParts.Input> inputs = start.inputs();
        boolean areFrames = FRAMES.contains(input.name());
        Shape shape = areFrames && !inputs.isEmpty() ? inputs.get(0).shape() : Shape.SCALAR;
        return shape.rank() == input.shape().size() ? shape.size(-2) : 0;
    }

    private static Tensor input(Model model, RequestParts start, Map<String, String> sent) {
        String name;
        if (!start.inputs().isEmpty()) {
            name = start.inputs().get(0).name();
        } else if (model == Model.RECONSTRUCT) {
            name = sent.containsKey("mel") ? "mel" : "magnitude";
        } else {
            name = model.inputs().get(0).name();
        }
        List<String> fed = model == Model.RECONSTRUCT
                ? List.of("magnitude", "mel")
                : List.of(model.inputs().get(0).name());
        if (!fed.contains(name)) {
            throw badParameter("inputs[0].name", "one of " + fed + " in a sequence", name);
        }
        return model.input(name, "inputs[0].name");
    }

    public Model model() {
        return model;
    }

    /** The parameters of the operation, as a request of {@code /v1} would send them. */
    public Map<String, String> parameters() {
        return parameters;
    }

    /** The name of the output. */
    public String output() {
        return model.outputs().get(0).name();
    }

    /**
     * The shape of an output.
     *
     * @param width values of a frame; 1 for samples
     * @param count frames or samples
     */
    public int[] outputShape(int width, int count) {
        return switch (model.outputs().get(0).shape().size()) {
            case 2 -> new int[] {1, count};
            case 3 -> new int[] {1, width, count};
            default -> new int[] {1, 2, width / 2, count};
        };
    }

    /**
     * Reads a request of the sequence.
     *
     * @param width values of a frame; 1 for samples
     * @param memory in which the values are reserved before they are read
     * @return null if it brings none
     * @throws InvalidInputException for the first part that does not fit
     */
    public @Nullable Frames read(Model named, RequestParts parts, int width, MemoryBudget.Reservation memory) {
        if (named != model) {
            throw badParameter("the model", "that of the sequence, " + model.wireName(), named.wireName());
        }
        checkParameters(parts);
        RequestAssembler.outputs(model, parts, false);
        if (parts.inputs().size() > 1) {
            throw badParameter(
                    "inputs", "one tensor in a sequence", parts.inputs().size());
        }
        return parts.inputs().isEmpty() ? null : frames(parts.inputs().get(0), width, memory);
    }

    /** Later requests leave the parameters out, or repeat them. */
    private void checkParameters(RequestParts parts) {
        Map<String, Scalar> sent = new HashMap<>(parts.parameters());
        RequestAssembler.values(model, sent).forEach((name, value) -> {
            if (!value.equals(parameters.get(name))) {
                throw badParameter(
                        "parameters." + name,
                        "given at the start of the sequence, " + parameters.getOrDefault(name, "where it was left out"),
                        value);
            }
        });
    }

    private Frames frames(RequestParts.Input sent, int width, MemoryBudget.Reservation memory) {
        if (!sent.name().equals(input.name())) {
            throw badParameter(sent.place() + ".name", input.name() + " in this sequence", sent.name());
        }
        RequestAssembler.refuseUnsupported(sent.place(), sent.parameters());
        Shape shape = sent.shape();
        int[] wanted = input.shape().stream().mapToInt(Integer::intValue).toArray();
        wanted[0] = 1;
        if (wanted.length == 4) {
            wanted[2] = width / 2;
        } else if (wanted.length == 3) {
            wanted[1] = width;
        }
        boolean fits = shape.rank() == wanted.length;
        for (int axis = 0; fits && axis < wanted.length - 1; axis++) {
            fits = shape.size(axis) == wanted[axis];
        }
        if (!fits) {
            throw new InvalidInputException(
                    Code.SHAPE_MISMATCH,
                    "the shape of " + input.name() + " must be " + Arrays.toString(wanted)
                            + " with -1 for any size in this sequence, got " + Arrays.toString(shape.toArray())
                            + (FRAMES.contains(input.name()) ? "; give n_fft with the first request" : ""));
        }
        try {
            float[] values = sent.read(RequestAssembler.codecLimits(limits, memory), 0)
                    .rowMajor()
                    .real();
            return new Frames(values, width, shape.size(-1));
        } catch (IOException e) {
            throw new UncheckedIOException(e); // values are in memory
        }
    }

    /** Frames as a tensor has them, {@code [width, frames]}, handed out one behind the other. */
    public static final class Frames {

        private final float[] values;
        private final int width;
        private final int count;
        private int at;

        private Frames(float[] values, int width, int count) {
            this.values = values;
            this.width = width;
            this.count = count;
        }

        /**
         * Hands out the next values.
         *
         * @param next Modified from 0 on.
         * @return their number; 0 after the last one
         */
        public int next(float[] next) {
            int taken = Math.min(next.length, values.length - at);
            if (width == 1) {
                System.arraycopy(values, at, next, 0, taken);
            } else {
                int frame = at / width;
                int bin = at % width;
                for (int i = 0; i < taken; i++) {
                    next[i] = values[bin * count + frame];
                    if (++bin == width) {
                        bin = 0;
                        frame++;
                    }
                }
            }
            at += taken;
            return taken;
        }
    }
}
