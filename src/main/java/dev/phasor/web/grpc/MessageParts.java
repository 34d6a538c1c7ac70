package dev.phasor.web.grpc;

import static dev.phasor.signal.InvalidInputException.badParameter;

import com.google.protobuf.ByteString;
import dev.phasor.codec.CodecLimits;
import dev.phasor.codec.NpyArray;
import dev.phasor.codec.NpyDtype;
import dev.phasor.codec.RawNumbers;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.signal.Shape;
import dev.phasor.web.model.Datatype;
import dev.phasor.web.model.RequestParts;
import dev.phasor.web.model.Scalar;
import inference.InferParameter;
import inference.InferTensorContents;
import inference.ModelInferRequest;
import inference.ModelInferRequest.InferInputTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parts of a request that came as a message. */
final class MessageParts {

    private MessageParts() {}

    /** @throws InvalidInputException for the first field that the protocol does not allow */
    static RequestParts of(ModelInferRequest message) {
        String id = message.getId();
        if (id.length() > RequestParts.LONGEST_ID) {
            throw badParameter("id", "at most " + RequestParts.LONGEST_ID + " characters", id.length() + " of them");
        }
        int raw = message.getRawInputContentsCount();
        if (raw > 0 && raw != message.getInputsCount()) {
            throw badParameter("raw_input_contents", "as many as inputs, " + message.getInputsCount(), raw);
        }
        List<RequestParts.Input> inputs = new ArrayList<>();
        for (int i = 0; i < message.getInputsCount(); i++) {
            inputs.add(input("inputs[" + i + "]", message.getInputs(i), raw == 0 ? null : message, i));
        }
        List<RequestParts.Output> outputs = new ArrayList<>();
        for (int i = 0; i < message.getOutputsCount(); i++) {
            String place = "outputs[" + i + "]";
            outputs.add(new RequestParts.Output(
                    place,
                    message.getOutputs(i).getName(),
                    scalars(place + ".parameters", message.getOutputs(i).getParametersMap())));
        }
        return new RequestParts(id.isEmpty() ? null : id, inputs, outputs, parameters(message));
    }

    /** The parameters of a request. */
    static Map<String, Scalar> parameters(ModelInferRequest message) {
        return scalars("parameters", message.getParametersMap());
    }

    private static RequestParts.Input input(
            String place, InferInputTensor input, @Nullable ModelInferRequest raw, int index) {
        if (raw != null && input.hasContents()) {
            throw badParameter(place + ".contents", "left out where raw_input_contents is given", "both");
        }
        return new Tensor(
                place,
                input.getName(),
                shape(place + ".shape", input.getShapeList()),
                Datatype.of(input.getDatatype(), place + ".datatype"),
                scalars(place + ".parameters", input.getParametersMap()),
                raw == null ? null : raw.getRawInputContents(index),
                input.getContents());
    }

    /**
     * An input.
     *
     * @param raw its values as bytes; null if they are {@code contents}
     */
    private record Tensor(
            String place,
            String name,
            Shape shape,
            Datatype datatype,
            Map<String, Scalar> parameters,
            @Nullable ByteString raw,
            InferTensorContents contents)
            implements RequestParts.Input {

        @Override
        public NpyArray read(CodecLimits limits, long used) {
            NpyDtype dtype = datatype.dtype();
            if (raw == null) {
                return typed(limits, used);
            }
            long needed = (long) shape.count() * dtype.componentBytes();
            if (raw.size() != needed) {
                throw badParameter(
                        place + "'s raw_input_contents",
                        needed + " bytes for " + datatype + " of shape " + shape,
                        raw.size());
            }
            return RawNumbers.read(raw.asReadOnlyByteBuffer(), dtype, shape, limits, used);
        }

        private NpyArray typed(CodecLimits limits, long used) {
            String what = place + ".contents";
            boolean doubles = datatype == Datatype.FP64;
            if (datatype != Datatype.FP32 && !doubles) {
                throw badParameter(what, "left out for " + datatype + ", which stands in raw_input_contents", "it");
            }
            int others = doubles ? contents.getFp32ContentsCount() : contents.getFp64ContentsCount();
            if (others > 0) {
                throw badParameter(
                        what,
                        (doubles ? "fp64_contents" : "fp32_contents") + " for " + datatype,
                        doubles ? "fp32_contents" : "fp64_contents");
            }
            int given = doubles ? contents.getFp64ContentsCount() : contents.getFp32ContentsCount();
            if (given != shape.count()) {
                throw new InvalidInputException(
                        Code.SHAPE_MISMATCH, what + " must hold " + shape.count() + " numbers, got " + given);
            }
            float[] values = RawNumbers.room(shape, limits, used);
            for (int i = 0; i < given; i++) {
                values[i] = doubles ? (float) contents.getFp64Contents(i) : contents.getFp32Contents(i);
            }
            return NpyArray.real(shape, values);
        }
    }

    private static Shape shape(String what, List<Long> sizes) {
        int[] axes = new int[sizes.size()];
        for (int i = 0; i < axes.length; i++) {
            long size = sizes.get(i);
            if (size < 0 || size > Integer.MAX_VALUE) {
                throw badParameter(what + "[" + i + "]", "in 0.." + Integer.MAX_VALUE, size);
            }
            axes[i] = (int) size;
        }
        try {
            return Shape.of(axes);
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException(Code.TOO_LARGE, what + ": " + e.getMessage(), e);
        }
    }

    private static Map<String, Scalar> scalars(String what, Map<String, InferParameter> parameters) {
        Map<String, Scalar> scalars = new LinkedHashMap<>();
        parameters.forEach((name, value) -> scalars.put(name, scalar(what + "." + name, value)));
        return scalars;
    }

    private static Scalar scalar(String what, InferParameter value) {
        return switch (value.getParameterChoiceCase()) {
            case BOOL_PARAM -> new Scalar(Scalar.Kind.FLAG, String.valueOf(value.getBoolParam()));
            case INT64_PARAM -> new Scalar(Scalar.Kind.WHOLE, String.valueOf(value.getInt64Param()));
            case UINT64_PARAM -> new Scalar(Scalar.Kind.WHOLE, Long.toUnsignedString(value.getUint64Param()));
            case DOUBLE_PARAM -> new Scalar(Scalar.Kind.NUMBER, String.valueOf(value.getDoubleParam()));
            case STRING_PARAM -> new Scalar(Scalar.Kind.TEXT, value.getStringParam());
            case PARAMETERCHOICE_NOT_SET -> throw badParameter(what, "a string, a number or a boolean", "none");
        };
    }
}
