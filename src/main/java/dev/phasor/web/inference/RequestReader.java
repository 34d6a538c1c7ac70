package dev.phasor.web.inference;

import static dev.phasor.signal.InvalidInputException.badParameter;

import dev.phasor.codec.CodecLimits;
import dev.phasor.codec.NpyArray;
import dev.phasor.codec.RawNumbers;
import dev.phasor.compute.Limits;
import dev.phasor.compute.MemoryBudget;
import dev.phasor.compute.MeteredInputStream;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.signal.Shape;
import dev.phasor.web.connection.BodyCoding;
import dev.phasor.web.json.JsonFault;
import dev.phasor.web.json.NumberList;
import dev.phasor.web.model.InferRequest;
import dev.phasor.web.model.Model;
import dev.phasor.web.model.RequestAssembler;
import dev.phasor.web.model.RequestParts;
import dev.phasor.web.model.Scalar;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
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

    private static final List<MediaType> TYPES =
            List.of(MediaType.APPLICATION_JSON, MediaType.APPLICATION_OCTET_STREAM);

    private final Limits limits;
    private final RequestAssembler assembler;
    private final ObjectMapper mapper;

    RequestReader(Limits limits, RequestAssembler assembler, ObjectMapper mapper) {
        this.limits = limits;
        this.assembler = assembler;
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
        InputStream binary = headerLength == 0 ? null : body;
        List<Tensor> inputs =
                json.inputs().stream().map(input -> new Tensor(input, binary)).toList();
        InferRequest request = assembler.assemble(
                model, new RequestParts(json.id(), inputs, json.outputs(), json.parameters()), memory);
        if (headerLength != 0 && body.read() >= 0) {
            throw badParameter("the body", "over after the binary data of the inputs", "more bytes");
        }
        return request;
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

    /**
     * An input whose values stand in the JSON object or in the binary data behind it.
     *
     * @param binary the binary data; null if the request has none
     */
    private record Tensor(RequestJson.Input input, @Nullable InputStream binary) implements RequestParts.Input {

        @Override
        public String place() {
            return input.place();
        }

        @Override
        public String name() {
            return input.name();
        }

        @Override
        public Shape shape() {
            return input.shape();
        }

        @Override
        public Map<String, Scalar> parameters() {
            return input.parameters();
        }

        @Override
        public NpyArray read(CodecLimits limits, long used) throws IOException {
            Scalar size = parameters().get("binary_data_size");
            return size == null
                    ? ofJson()
                    : ofBinary(size.size(place() + ".parameters.binary_data_size"), limits, used);
        }

        /** The values of {@code data}, a flat or nested list in row-major order. */
        private NpyArray ofJson() {
            @Nullable NumberList data = input.data();
            String what = place() + ".data";
            if (data == null) {
                throw badParameter(what, "given (or binary_data_size for binary data)", "none");
            }
            Shape given = data.shape(what);
            if (!given.equals(shape()) && !given.equals(Shape.of(shape().count()))) {
                throw new InvalidInputException(
                        Code.SHAPE_MISMATCH,
                        what + " must hold " + shape().count() + " numbers, flat or nested as the shape " + shape()
                                + ", got " + given);
            }
            return NpyArray.real(shape(), data.values());
        }

        private NpyArray ofBinary(long size, CodecLimits limits, long used) throws IOException {
            if (binary == null) {
                throw badParameter(HEADER_LENGTH, "given where an input has binary_data_size", "none");
            }
            if (input.data() != null) {
                throw badParameter(place() + ".data", "left out where binary_data_size is given", "both");
            }
            long needed = (long) shape().count() * input.datatype().dtype().componentBytes();
            if (size != needed) {
                throw badParameter(
                        place() + ".parameters.binary_data_size",
                        needed + " for " + input.datatype() + " of shape " + shape(),
                        size);
            }
            return RawNumbers.read(binary, input.datatype().dtype(), shape(), limits, used);
        }
    }
}
