package dev.phasor.web.grpc;

import static dev.phasor.signal.InvalidInputException.badParameter;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import dev.phasor.compute.BusyException;
import dev.phasor.compute.MemoryBudget;
import dev.phasor.compute.MeteredInputStream;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import inference.ModelInferRequest;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads requests into one array, of which raw contents are parts: no value is copied before it is decoded. The fields
 * are counted first, since each takes many times its bytes when it is parsed.
 */
final class RequestMarshaller implements MethodDescriptor.Marshaller<Received> {

    /** An array that grows, and its last copy. */
    private static final int EXPANSION = 2;

    private final long most;

    /** @param most bytes of a message, which a compressed one may not exceed either */
    RequestMarshaller(long most) {
        this.most = most;
    }

    @Override
    public InputStream stream(Received value) {
        throw new UnsupportedOperationException("requests are received");
    }

    @Override
    public Received parse(InputStream stream) {
        InferenceCall call = InferenceCall.current();
        call.enterMessage();
        try (InputStream in = stream) {
            if (call.isClosed()) {
                return Received.refused(Calls.stopping()); // nobody hears of it
            }
            byte[] bytes = read(in);
            long listed = RequestFields.check(bytes, ModelInferRequest.getDescriptor(), RequestFields.MOST);
            return Received.of(parsed(bytes, listed, call.memory()));
        } catch (InvalidInputException | BusyException e) {
            return Received.refused(e);
        } catch (StatusRuntimeException e) {
            // Of the library, which counts what a compressed message becomes.
            return Received.refused(new InvalidInputException(
                    Code.TOO_LARGE,
                    "a message must be at most " + most + " bytes before compression (phasor.limits.max-upload)",
                    e));
        } catch (InvalidProtocolBufferException e) {
            return Received.refused(badParameter("the message", "a ModelInferRequest", "bytes that are none"));
        } catch (IOException e) {
            return Received.refused(
                    badParameter("the message", "in the encoding that grpc-encoding names", "other bytes"));
        } finally {
            call.leaveMessage();
        }
    }

    /**
     * A list of values grows to half as much again, and is copied then: two and a half times the values at most are
     * held beside the array, and one time is reserved, since the transport holds them no longer.
     */
    private static ModelInferRequest parsed(byte[] bytes, long listed, MemoryBudget.Reservation memory)
            throws IOException {
        long growing = listed + listed / 2;
        memory.add(growing, "lists of values, which raw_input_contents are not,");
        try {
            CodedInputStream coded = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
            coded.enableAliasing(true);
            return ModelInferRequest.parseFrom(coded);
        } finally {
            memory.release(growing);
        }
    }

    private byte[] read(InputStream in) throws IOException {
        if (in instanceof KnownLength) {
            return in.readNBytes(in.available());
        }
        return new MeteredInputStream(
                        in, most, EXPANSION, InferenceCall.current().memory())
                .readAllBytes();
    }
}
