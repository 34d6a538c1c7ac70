package dev.phasor.web.inference;

import static dev.phasor.signal.InvalidInputException.badParameter;

import dev.phasor.codec.CodecLimits;
import dev.phasor.codec.NpyArray;
import dev.phasor.codec.RawNumbers;
import dev.phasor.compute.HeapRegions;
import dev.phasor.compute.Limits;
import dev.phasor.compute.MemoryBudget;
import dev.phasor.compute.MeteredInputStream;
import dev.phasor.operation.Call;
import dev.phasor.operation.Input;
import dev.phasor.operation.Inputs;
import dev.phasor.operation.Maxima;
import dev.phasor.operation.Parameter;
import dev.phasor.operation.Parameters;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.signal.Shape;
import dev.phasor.web.connection.BodyCoding;
import dev.phasor.web.inference.InferRequest.Wanted;
import dev.phasor.web.json.JsonFault;
import dev.phasor.web.json.NumberList;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import tools.jackson.databind.ObjectMapper;

/**
 * Reads an inference request: the JSON object, then the binary data in the order of the inputs. The file is long
 * because every fault of a client has its message where it is found.
 */
final class RequestReader {

    /** The header that gives the length of the JSON object, which the binary data follows. */
    static final String HEADER_LENGTH = "Inference-Header-Content-Length";

    /** Bytes reserved for each byte of JSON: each number becomes a float in a list and in its copy. */
    private static final int EXPANSION = 6;

    /**
     * Bytes reserved for each byte of a JSON object before binary data: it is held while it is parsed, and copied once.
     */
    private static final int HELD = 2;

    /** Parameters of the protocol's extensions and for schedulers; none of them changes a computed value. */
    private static final Set<String> OF_THE_PROTOCOL =
            Set.of("binary_data_output", "sequence_id", "sequence_start", "sequence_end", "priority", "timeout");

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

    private static final List<MediaType> TYPES =
            List.of(MediaType.APPLICATION_JSON, MediaType.APPLICATION_OCTET_STREAM);

    private final Limits limits;
    private final Maxima maxima;
    private final ObjectMapper mapper;

    RequestReader(Limits limits, Maxima maxima, ObjectMapper mapper) {
        this.limits = limits;
        this.maxima = maxima;
        this.mapper = mapper;
    }

    InferRequest read(Model model, HttpServletRequest request, MemoryBudget.Reservation memory)
            throws IOException, HttpMediaTypeNotSupportedException {
        long most = limits.maxUpload().toBytes();
        if (request.getContentLengthLong() > most) {
            throw new InvalidInputException(
                    Code.TOO_LARGE,
                    "the request body must be at most " + most + " bytes (phasor.limits.max-upload), got "
                            + request.getContentLengthLong());
        }
        int headerLength = headerLength(request, most);
        InputStream sent = MeteredInputStream.limited(request.getInputStream(), most, "phasor.limits.max-upload");
        try (InputStream body = BodyCoding.of(request, TYPES).decode(sent)) {
            return read(model, body, headerLength, memory);
        }
    }

    /**
     * Reads a body.
     *
     * @param plain the body after decompression
     * @param headerLength bytes of the JSON object; 0 if the body holds nothing else
     */
    InferRequest read(Model model, InputStream plain, int headerLength, MemoryBudget.Reservation memory)
            throws IOException {
        long most = limits.maxUpload().toBytes();
        InputStream body = MeteredInputStream.limited(plain, most, "phasor.limits.max-upload");
        InputStream header = headerLength == 0 ? body : header(body, headerLength, memory);
        InputStream metered = new MeteredInputStream(header, most, EXPANSION, memory);
        RequestJson json = RequestJson.read(JsonFault.begin("the request", metered), mapper);
        Inputs inputs = inputs(model, json, headerLength == 0 ? null : body, memory);
        if (headerLength != 0 && body.read() >= 0) {
            throw badParameter("the body", "over after the binary data of the inputs", "more bytes");
        }
        Scalar binary = json.parameters().get("binary_data_output");
        boolean binaryOutput = binary != null && binary.flag("parameters.binary_data_output");
        Call call = new Call(inputs, parameters(model, json), memory);
        return new InferRequest(model, json.id(), call, outputs(model, json, binaryOutput), binaryOutput);
    }

    /** The length of the JSON object in bytes; 0 if the header is missing. */
    private static int headerLength(HttpServletRequest request, long most) {
        @Nullable String header = request.getHeader(HEADER_LENGTH);
        if (header == null) {
            return 0;
        }
        String rule = "a whole number in 1.." + Math.min(most, Integer.MAX_VALUE)
                + ", the length of the JSON object (raw binary requests without one are not read)";
        try {
            int length = Integer.parseInt(header.strip());
            if (length >= 1 && length <= most) {
                return length;
            }
        } catch (NumberFormatException e) {
            throw badParameter(HEADER_LENGTH, rule, header);
        }
        throw badParameter(HEADER_LENGTH, rule, header);
    }

    private static InputStream header(InputStream body, int length, MemoryBudget.Reservation memory)
            throws IOException {
        byte[] header = new MeteredInputStream(body, length, HELD, memory).readNBytes(length);
        if (header.length < length) {
            throw badParameter(HEADER_LENGTH, "at most the length of the body, " + header.length, length);
        }
        return new ByteArrayInputStream(header);
    }

    /** @param binary the binary data; null if the request has none */
    private Inputs inputs(Model model, RequestJson json, @Nullable InputStream binary, MemoryBudget.Reservation memory)
            throws IOException {
        if (json.inputs().isEmpty()) {
            throw badParameter("inputs", "given, a list of at least one tensor", "none");
        }
        CodecLimits codecLimits = new CodecLimits(
                limits.maxDecoded().toBytes(),
                bytes -> memory.add(HeapRegions.bytes(bytes), "the inputs"),
                memory.ahead(limits.aheadShare()));
        Inputs inputs = new Inputs();
        long used = 0;
        for (RequestJson.Input input : json.inputs()) {
            model.input(input.name(), input.place() + ".name").check(input.shape());
            refuseUnsupported(input.place(), input.parameters());
            Scalar size = input.parameters().get("binary_data_size");
            NpyArray array = size == null
                    ? ofJson(input)
                    : ofBinary(
                            input,
                            size.size(input.place() + ".parameters.binary_data_size"),
                            binary,
                            codecLimits,
                            used);
            inputs.put(Input.of(input.name()), array);
            used += (long) Float.BYTES * input.shape().count();
        }
        model.endpoint().check(inputs);
        return inputs;
    }

    /** The values of an input's {@code data}, a flat or nested list in row-major order. */
    private static NpyArray ofJson(RequestJson.Input input) {
        @Nullable NumberList data = input.data();
        String what = input.place() + ".data";
        if (data == null) {
            throw badParameter(what, "given (or binary_data_size for binary data)", "none");
        }
        Shape given = data.shape(what);
        if (!given.equals(input.shape()) && !given.equals(Shape.of(input.shape().count()))) {
            throw new InvalidInputException(
                    Code.SHAPE_MISMATCH,
                    what + " must hold " + input.shape().count() + " numbers, flat or nested as the shape "
                            + input.shape() + ", got " + given);
        }
        return NpyArray.real(input.shape(), data.values());
    }

    private static NpyArray ofBinary(
            RequestJson.Input input, long size, @Nullable InputStream binary, CodecLimits limits, long used)
            throws IOException {
        if (binary == null) {
            throw badParameter(HEADER_LENGTH, "given where an input has binary_data_size", "none");
        }
        if (input.data() != null) {
            throw badParameter(input.place() + ".data", "left out where binary_data_size is given", "both");
        }
        long needed = (long) input.shape().count() * input.datatype().dtype().componentBytes();
        if (size != needed) {
            throw badParameter(
                    input.place() + ".parameters.binary_data_size",
                    needed + " for " + input.datatype() + " of shape " + input.shape(),
                    size);
        }
        return RawNumbers.read(binary, input.datatype().dtype(), input.shape(), limits, used);
    }

    private static List<Wanted> outputs(Model model, RequestJson json, boolean binary) {
        List<Wanted> wanted = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (RequestJson.Output output : json.outputs()) {
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

    private Parameters parameters(Model model, RequestJson json) {
        Map<String, String> values = new HashMap<>();
        json.parameters().forEach((name, value) -> {
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
        return new Parameters(model.endpoint(), values, maxima, NOT_OF_MODELS);
    }

    private static void refuseUnsupported(String place, Map<String, Scalar> parameters) {
        parameters.forEach((name, value) -> {
            if (UNSUPPORTED.contains(name)) {
                throw badParameter(
                        place + ".parameters." + name, "left out, this service does not have it", value.text());
            }
        });
    }
}
