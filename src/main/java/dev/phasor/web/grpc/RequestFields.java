package dev.phasor.web.grpc;

import static dev.phasor.signal.InvalidInputException.badParameter;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import inference.InferTensorContents;
import inference.ModelInferRequest;
import inference.ModelInferRequest.InferInputTensor;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Counts the fields of a message before it is parsed. An empty one takes two bytes there, and a hundred as an object; a
 * size of an axis takes one there, and eight to sixteen as a number; a text takes three times its bytes.
 */
final class RequestFields {

    /** The most fields of a request, as many as a JSON object of {@code /v2} may have: an input has some ten. */
    static final int MOST = 2048;

    /** The most axes of a tensor: every model has four at most. */
    private static final int MOST_AXES = 8;

    /** Bytes of a varint. */
    private static final int LONGEST_NUMBER = 10;

    /** Bytes of all that are not values: names, parameters, shapes. */
    private static final int MOST_BESIDE = 1 << 20;

    private static final Descriptor CONTENTS = InferTensorContents.getDescriptor();
    private static final FieldDescriptor FLOATS =
            CONTENTS.findFieldByNumber(InferTensorContents.FP32_CONTENTS_FIELD_NUMBER);
    private static final FieldDescriptor DOUBLES =
            CONTENTS.findFieldByNumber(InferTensorContents.FP64_CONTENTS_FIELD_NUMBER);
    private static final FieldDescriptor RAW =
            ModelInferRequest.getDescriptor().findFieldByNumber(ModelInferRequest.RAW_INPUT_CONTENTS_FIELD_NUMBER);
    private static final FieldDescriptor SHAPE =
            InferInputTensor.getDescriptor().findFieldByNumber(InferInputTensor.SHAPE_FIELD_NUMBER);

    private final CodedInputStream in;
    private final int most;
    private int count;
    private long beside;
    /** Bytes of values that stand in lists, not in raw contents. */
    private long listed;

    private RequestFields(CodedInputStream in, int most) {
        this.in = in;
        this.most = most;
    }

    /**
     * @param type of the message
     * @param most fields that it may have
     * @return the bytes of the values that become lists when it is parsed
     * @throws InvalidInputException {@code BAD_PARAMETER} for more fields or axes than that, {@code TOO_LARGE} for
     *     longer names and parameters than a request has
     * @throws IOException if the bytes are no message
     */
    static long check(byte[] bytes, Descriptor type, int most) throws IOException {
        RequestFields fields = new RequestFields(CodedInputStream.newInstance(bytes), most);
        fields.message(type);
        return fields.listed;
    }

    private void message(Descriptor type) throws IOException {
        int axes = 0;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            int number = WireFormat.getTagFieldNumber(tag);
            @Nullable FieldDescriptor field = type.findFieldByNumber(number);
            boolean values = isList(field, WireFormat.getTagWireType(tag));
            if (type == CONTENTS && !values) {
                throw badParameter("contents", "fp32_contents or fp64_contents, as the datatype is", "field " + number);
            }
            if (!values && ++count > most) {
                throw badParameter("the fields of the request", "at most " + most + " in number", "more");
            }
            switch (WireFormat.getTagWireType(tag)) {
                case WireFormat.WIRETYPE_START_GROUP ->
                    throw badParameter("the message", "a " + type.getName(), "a group, which it does not have");
                case WireFormat.WIRETYPE_LENGTH_DELIMITED -> {
                    int length = in.readRawVarint32();
                    listed += values ? length : 0;
                    axes = field == SHAPE ? packed(length, axes) : axes;
                    if (field != SHAPE) {
                        content(field, length, values || field == RAW);
                    }
                }
                default -> {
                    axes = field == SHAPE ? axes(axes + 1) : axes;
                    listed += values ? (field == FLOATS ? Float.BYTES : Double.BYTES) : 0;
                    in.skipField(tag);
                }
            }
        }
    }

    /** Whether it brings values: all of them, or one. Another kind of field under their number is none of theirs. */
    private static boolean isList(@Nullable FieldDescriptor field, int kind) {
        return field == FLOATS && (kind == WireFormat.WIRETYPE_LENGTH_DELIMITED || kind == WireFormat.WIRETYPE_FIXED32)
                || field == DOUBLES
                        && (kind == WireFormat.WIRETYPE_LENGTH_DELIMITED || kind == WireFormat.WIRETYPE_FIXED64);
    }

    private void content(@Nullable FieldDescriptor field, int length, boolean values) throws IOException {
        if (field != null && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
            int limit = in.pushLimit(length);
            message(field.getMessageType());
            in.popLimit(limit);
            return;
        }
        if (!values) {
            beside += length;
            if (beside > MOST_BESIDE) {
                throw new InvalidInputException(
                        Code.TOO_LARGE,
                        "the names and parameters of a request must be at most " + MOST_BESIDE + " bytes, got at least "
                                + beside);
            }
        }
        in.skipRawBytes(length);
    }

    /** Counts the sizes of a packed list, after {@code before} others of the same shape. */
    private int packed(int length, int before) throws IOException {
        int axes = before;
        axes(axes + length / LONGEST_NUMBER);
        int limit = in.pushLimit(length);
        while (!in.isAtEnd()) {
            in.readRawVarint64();
            axes = axes(axes + 1);
        }
        in.popLimit(limit);
        return axes;
    }

    private static int axes(int axes) {
        if (axes > MOST_AXES) {
            throw badParameter("the shape of an input", "at most " + MOST_AXES + " axes", "at least " + axes);
        }
        return axes;
    }
}
