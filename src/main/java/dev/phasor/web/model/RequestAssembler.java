package dev.phasor.web.model;

import static dev.phasor.signal.InvalidInputException.badParameter;

import dev.phasor.codec.CodecLimits;
import dev.phasor.compute.HeapRegions;
import dev.phasor.compute.Limits;
import dev.phasor.compute.MemoryBudget;
import dev.phasor.operation.Call;
import dev.phasor.operation.Input;
import dev.phasor.operation.Inputs;
import dev.phasor.operation.Maxima;
import dev.phasor.operation.Parameter;
import dev.phasor.operation.Parameters;
import dev.phasor.web.model.InferRequest.Wanted;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes a call of the parts of a request: checks names, shapes and parameters, and reads the tensors' values. */
public final class RequestAssembler {

    private static final String BINARY_OUTPUT = "binary_data_output";

    /** Parameters of the protocol's extensions and for schedulers; none of them changes what a request computes. */
    private static final Set<String> OF_THE_PROTOCOL = Set.of(
            BINARY_OUTPUT,
            "sequence_id",
            "sequence_start",
            "sequence_end",
            "priority",
            "timeout",
            "triton_enable_empty_final_response");

    /** Parameters that apply only to sound files and to the formats of {@code /v1}. */
    private static final Set<Parameter<?>> OF_FILES = Set.of(
            Parameter.RESPONSE_FORMAT, Parameter.ENCODING, Parameter.INPUT, Parameter.OUTPUT, Parameter.RESAMPLE_TO);

    /** Parameters that a model does not have; the protocol has its own timeout. */
    private static final Set<Parameter<?>> NOT_OF_MODELS = Set.of(
            Parameter.RESPONSE_FORMAT,
            Parameter.ENCODING,
            Parameter.INPUT,
            Parameter.TIMEOUT,
            Parameter.OUTPUT,
            Parameter.RESAMPLE_TO);

    private static final Set<String> UNSUPPORTED =
            Set.of("classification", "shared_memory_region", "shared_memory_byte_size", "shared_memory_offset");

    private final Limits limits;
    private final Maxima maxima;

    public RequestAssembler(Limits limits, Maxima maxima) {
        this.limits = limits;
        this.maxima = maxima;
    }

    /**
     * @param memory in which the values are reserved before they are read
     * @throws dev.phasor.signal.InvalidInputException for the first part that does not fit
     */
    public InferRequest assemble(Model model, RequestParts parts, MemoryBudget.Reservation memory) throws IOException {
        Inputs inputs = inputs(model, parts, memory);
        Scalar binary = parts.parameters().get(BINARY_OUTPUT);
        boolean binaryOutput = binary != null && binary.flag("parameters." + BINARY_OUTPUT);
        Call call = new Call(inputs, parameters(model, parts.parameters()), memory);
        return new InferRequest(model, parts.id(), call, outputs(model, parts, binaryOutput), binaryOutput);
    }

    private Inputs inputs(Model model, RequestParts parts, MemoryBudget.Reservation memory) throws IOException {
        if (parts.inputs().isEmpty()) {
            throw badParameter("inputs", "given, a list of at least one tensor", "none");
        }
        CodecLimits codecLimits = codecLimits(limits, memory);
        Inputs inputs = new Inputs();
        long used = 0;
        for (RequestParts.Input input : parts.inputs()) {
            model.input(input.name(), input.place() + ".name").check(input.shape());
            refuseUnsupported(input.place(), input.parameters());
            inputs.put(Input.of(input.name()), input.read(codecLimits, used));
            used += (long) Float.BYTES * input.shape().count();
        }
        model.endpoint().check(inputs);
        return inputs;
    }

    static CodecLimits codecLimits(Limits limits, MemoryBudget.Reservation memory) {
        return new CodecLimits(
                limits.maxDecoded().toBytes(),
                bytes -> memory.add(HeapRegions.bytes(bytes), "the inputs"),
                () -> memory.ahead(limits.aheadShare()));
    }

    static List<Wanted> outputs(Model model, RequestParts parts, boolean binary) {
        List<Wanted> wanted = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (RequestParts.Output output : parts.outputs()) {
            model.output(output.name(), output.place() + ".name");
            if (!names.add(output.name())) {
                throw badParameter(output.place() + ".name", "asked for once", output.name() + " twice");
            }
            refuseUnsupported(output.place(), output.parameters());
            Scalar own = output.parameters().get("binary_data");
            wanted.add(new Wanted(
                    output.name(), own == null ? binary : own.flag(output.place() + ".parameters.binary_data")));
        }
        return wanted;
    }

    private Parameters parameters(Model model, Map<String, Scalar> sent) {
        return new Parameters(model.endpoint(), values(model, sent), maxima, NOT_OF_MODELS);
    }

    /** The parameters of the operation, without those of the protocol. */
    static Map<String, String> values(Model model, Map<String, Scalar> sent) {
        Map<String, String> values = new HashMap<>();
        sent.forEach((name, value) -> {
            if (OF_FILES.stream().anyMatch(parameter -> parameter.wireName().equals(name))) {
                throw badParameter(
                        "parameters." + name, "left out, here values are tensors and have names", value.text());
            }
            if (!OF_THE_PROTOCOL.contains(name)) {
                values.put(name, value.text());
            }
        });
        boolean hasLayout = model.endpoint().parameters().contains(Parameter.LAYOUT);
        String layout = hasLayout ? values.put("layout", "subbands") : null;
        if (layout != null && !layout.equals("subbands")) {
            throw badParameter("parameters.layout", "subbands, complex tensors are [batch, 2, bins, frames]", layout);
        }
        return values;
    }

    static void refuseUnsupported(String place, Map<String, Scalar> parameters) {
        parameters.forEach((name, value) -> {
            if (UNSUPPORTED.contains(name)) {
                throw badParameter(
                        place + ".parameters." + name, "left out, this service does not have it", value.text());
            }
        });
    }
}
