package dev.phasor.web.grpc;

import static dev.phasor.signal.InvalidInputException.badParameter;
import static java.util.Objects.requireNonNull;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.phasor.signal.InvalidInputException;
import dev.phasor.signal.InvalidInputException.Code;
import dev.phasor.web.access.OverQuotaException;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the requests of every method but those of inference: a name or two. No more than {@link #MOST} bytes of one are
 * held, inflated or parsed, so that they need no reservation, and health is told while all memory is taken. One that is
 * wrong is refused by the call, in the callback that takes it.
 */
final class SmallMarshaller<T> implements PrototypeMarshaller<T> {

    /** Bytes of a message, before compression and after it: as many as a call's metadata may have. */
    static final int MOST = 16 << 10;

    /** Fields of a message; the largest has some five. */
    private static final int MOST_FIELDS = 64;

    private final PrototypeMarshaller<T> marshaller;
    private final T prototype;
    private final Descriptor type;

    private SmallMarshaller(PrototypeMarshaller<T> marshaller) {
        this.marshaller = marshaller;
        prototype = requireNonNull(marshaller.getMessagePrototype());
        type = ((Message) prototype).getDescriptorForType();
    }

    /** A service whose requests are read this way, but for those that {@link RequestMarshaller} reads. */
    static ServerServiceDefinition bound(ServerServiceDefinition service) {
        ServiceDescriptor.Builder described = ServiceDescriptor.newBuilder(
                        service.getServiceDescriptor().getName())
                .setSchemaDescriptor(service.getServiceDescriptor().getSchemaDescriptor());
        List<ServerMethodDefinition<?, ?>> methods = new ArrayList<>();
        for (ServerMethodDefinition<?, ?> method : service.getMethods()) {
            ServerMethodDefinition<?, ?> bound = bound(method);
            described.addMethod(bound.getMethodDescriptor());
            methods.add(bound);
        }
        ServerServiceDefinition.Builder result = ServerServiceDefinition.builder(described.build());
        methods.forEach(result::addMethod);
        return result.build();
    }

    private static <Q, A> ServerMethodDefinition<Q, A> bound(ServerMethodDefinition<Q, A> method) {
        MethodDescriptor<Q, A> descriptor = method.getMethodDescriptor();
        if (descriptor.getRequestMarshaller() instanceof RequestMarshaller) {
            return method;
        }
        PrototypeMarshaller<Q> marshaller = (PrototypeMarshaller<Q>) descriptor.getRequestMarshaller();
        return ServerMethodDefinition.create(
                descriptor.toBuilder(new SmallMarshaller<>(marshaller), descriptor.getResponseMarshaller())
                        .build(),
                method.getServerCallHandler());
    }

    static InvalidInputException tooLarge() {
        return new InvalidInputException(
                Code.TOO_LARGE, "a message of this method must be at most " + MOST + " bytes, got more");
    }

    static InvalidInputException tooManyPieces(int most) {
        return badParameter("the message", "in at most " + most + " DATA frames", "more");
    }

    @Override
    public T parse(InputStream stream) {
        InferenceCall call = InferenceCall.current();
        try (InputStream in = stream) {
            call.takeRequest();
            byte[] bytes = in.readNBytes(MOST + 1);
            if (bytes.length > MOST) {
                throw tooLarge();
            }
            RequestFields.check(bytes, type, MOST_FIELDS);
            return marshaller.parse(new ByteArrayInputStream(bytes));
        } catch (InvalidInputException | OverQuotaException e) {
            call.refuses(e);
        } catch (StatusRuntimeException | InvalidProtocolBufferException e) {
            call.refuses(badParameter("the message", "a " + type.getName(), "bytes that are none"));
        } catch (IOException e) {
            call.refuses(badParameter("the message", "in the encoding that grpc-encoding names", "other bytes"));
        }
        return prototype;
    }

    @Override
    public InputStream stream(T value) {
        return marshaller.stream(value);
    }

    @Override
    public T getMessagePrototype() {
        return prototype;
    }

    @Override
    public Class<T> getMessageClass() {
        return marshaller.getMessageClass();
    }
}
