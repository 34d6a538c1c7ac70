package dev.phasor.web.grpc;

import static dev.phasor.signal.InvalidInputException.badParameter;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.phasor.signal.InvalidInputException;
import inference.InferTensorContents;
import inference.ModelInferRequest;
import inference.ModelInferRequest.InferInputTensor;
import inference.ModelInferRequest.InferRequestedOutputTensor;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Counts the fields of a request before it is parsed. An empty one takes two bytes there, and a hundred as an object.
 */
final class RequestFields {

    /** The most fields of a request, as many as a JSON object of {@code /v2} may have: an input has some ten. */
    private static final int MOST = 2048;

    /** The number of a map entry's value. */
    private static final int VALUE = 2;

    private final CodedInputStream in;
    private int count;

    private RequestFields(CodedInputStream in) {
        this.in = in;
    }

    /** The messages that a request is made of, with the numbers of their fields that are messages. */
    private enum Kind {
        REQUEST,
        INPUT,
        OUTPUT,
        ENTRY,
        PARAMETER,
        CONTENTS;

        /** The kind of a field, or null for one that is no message. */
        @Nullable
        Kind of(int field) {
            return switch (this) {
                case REQUEST ->
                    switch (field) {
                        case ModelInferRequest.PARAMETERS_FIELD_NUMBER -> ENTRY;
                        case ModelInferRequest.INPUTS_FIELD_NUMBER -> INPUT;
                        case ModelInferRequest.OUTPUTS_FIELD_NUMBER -> OUTPUT;
                        default -> null;
                    };
                case INPUT ->
                    switch (field) {
                        case InferInputTensor.PARAMETERS_FIELD_NUMBER -> ENTRY;
                        case InferInputTensor.CONTENTS_FIELD_NUMBER -> CONTENTS;
                        default -> null;
                    };
                case OUTPUT -> field == InferRequestedOutputTensor.PARAMETERS_FIELD_NUMBER ? ENTRY : null;
                case ENTRY -> field == VALUE ? PARAMETER : null;
                case PARAMETER, CONTENTS -> null;
            };
        }

        /** Whether a field is one of many numbers, each of which takes no more than its bytes. */
        boolean isNumber(int field) {
            return this == CONTENTS
                    && (field == InferTensorContents.FP32_CONTENTS_FIELD_NUMBER
                            || field == InferTensorContents.FP64_CONTENTS_FIELD_NUMBER);
        }
    }

    /**
     * @throws InvalidInputException {@code BAD_PARAMETER} for more fields than a request has
     * @throws IOException if the bytes are no message
     */
    static void check(byte[] bytes) throws IOException {
        new RequestFields(CodedInputStream.newInstance(bytes)).message(Kind.REQUEST);
    }

    private void message(Kind kind) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            int field = WireFormat.getTagFieldNumber(tag);
            boolean number = kind.isNumber(field);
            if (kind == Kind.CONTENTS && !number) {
                throw badParameter("contents", "fp32_contents or fp64_contents, as the datatype is", "field " + field);
            }
            if (!number && ++count > MOST) {
                throw badParameter("the fields of the request", "at most " + MOST + " in number", "more");
            }
            boolean length = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
            Kind inner = length ? kind.of(field) : null;
            if (inner == null) {
                skip(tag);
            } else {
                int limit = in.pushLimit(in.readRawVarint32());
                message(inner);
                in.popLimit(limit);
            }
        }
    }

    /** Skips a field; those within a group count too. */
    private void skip(int tag) throws IOException {
        if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_START_GROUP) {
            throw badParameter("the message", "a ModelInferRequest", "a group, which it does not have");
        }
        in.skipField(tag);
    }
}
