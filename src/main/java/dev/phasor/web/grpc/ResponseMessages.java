package dev.phasor.web.grpc;

import com.google.protobuf.UnsafeByteOperations;
import dev.phasor.codec.RawNumbers;
import dev.phasor.compute.MemoryBudget;
import dev.phasor.operation.Answer;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.web.model.Datatype;
import dev.phasor.web.model.InferRequest;
import dev.phasor.web.model.Model;
import dev.phasor.web.model.OutputTensor;
import dev.phasor.web.model.ReportParameters;
import inference.InferParameter;
import inference.ModelInferResponse;
import inference.ModelInferResponse.InferOutputTensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.ObjectMapper;

/** Answers as messages: each output as raw contents, the report as parameters. */
final class ResponseMessages {

    /** Bytes of a message beside its values: protobuf's messages end at 2 GB. */
    private static final long BESIDE = 1 << 20;

    /** The values as bytes, and in the transport's buffers. */
    private static final int HELD = 2;

    /** A report's figures stand as objects and as text beside themselves. */
    private static final int REPORT_TEXTS = 3;

    private final ObjectMapper mapper;

    ResponseMessages(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    ModelInferResponse of(InferRequest asked, Answer answer) {
        MemoryBudget.Reservation memory = asked.call().memory();
        List<OutputTensor> outputs = OutputTensor.of(asked, answer);
        long bytes = outputs.stream().mapToLong(OutputTensor::bytes).sum();
        if (bytes > Integer.MAX_VALUE - BESIDE) {
            throw new InvalidInputException(
                    Code.TOO_LARGE, "the outputs must take at most 2 GB together in a message, got " + bytes);
        }
        memory.add(HELD * bytes + REPORT_TEXTS * answer.reportBytes(), "the answer's message");
        ModelInferResponse.Builder response = ModelInferResponse.newBuilder()
                .setModelName(asked.model().wireName())
                .setModelVersion(Model.VERSION);
        if (asked.id() != null) {
            response.setId(asked.id());
        }
        response.putAllParameters(parameters(answer.report()));
        for (OutputTensor output : outputs) {
            response.addOutputs(tensor(output.name(), output.shape()));
            response.addRawOutputContents(UnsafeByteOperations.unsafeWrap(
                    RawNumbers.bytes(output.array().real())));
        }
        return response.build();
    }

    static InferOutputTensor tensor(String name, int... shape) {
        InferOutputTensor.Builder tensor =
                InferOutputTensor.newBuilder().setName(name).setDatatype(Datatype.FP32.name());
        for (int size : shape) {
            tensor.addShape(size);
        }
        return tensor.build();
    }

    /** The report of a session, or of a call, as parameters. */
    Map<String, InferParameter> parameters(Map<String, Object> report) {
        Map<String, InferParameter> parameters = new LinkedHashMap<>();
        ReportParameters.of(report, mapper).forEach((name, value) -> parameters.put(name, parameter(value)));
        return parameters;
    }

    private static InferParameter parameter(Object value) {
        InferParameter.Builder parameter = InferParameter.newBuilder();
        if (value instanceof Boolean flag) {
            return parameter.setBoolParam(flag).build();
        } else if (value instanceof Integer || value instanceof Long) {
            return parameter.setInt64Param(((Number) value).longValue()).build();
        } else if (value instanceof Number number) {
            return parameter.setDoubleParam(number.doubleValue()).build();
        }
        return parameter.setStringParam(String.valueOf(value)).build();
    }
}
