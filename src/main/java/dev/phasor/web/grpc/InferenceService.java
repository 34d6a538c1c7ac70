package dev.phasor.web.grpc;

import inference.GRPCInferenceServiceGrpc;
import inference.ModelInferResponse;
import inference.ModelStreamInferResponse;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The protocol's methods. What they throw, {@link CallInterceptor} answers. */
final class InferenceService implements BindableService {

    private final MetadataMethods metadata;
    private final Inferences inferences;
    private final RequestMarshaller requests;
    private final Sequences.Face live;

    InferenceService(MetadataMethods metadata, Inferences inferences, RequestMarshaller requests, Sequences.Face live) {
        this.metadata = metadata;
        this.inferences = inferences;
        this.requests = requests;
        this.live = live;
    }

    /** Whether a method infers; every other one takes a name or two. */
    static boolean isInference(String method) {
        return method.equals(GRPCInferenceServiceGrpc.getModelInferMethod().getFullMethodName())
                || method.equals(
                        GRPCInferenceServiceGrpc.getModelStreamInferMethod().getFullMethodName());
    }

    /**
     * The generated methods, but for requests of inference, which {@link RequestMarshaller} reads. An answer is sent as
     * if others could follow, which is the same on the wire: the transport keeps an only one back until its call is
     * closed, and does not tell of one that is closed how much its reader has taken.
     */
    @Override
    public ServerServiceDefinition bindService() {
        MethodDescriptor<Received, ModelInferResponse> infer = GRPCInferenceServiceGrpc.getModelInferMethod().toBuilder(
                        requests, GRPCInferenceServiceGrpc.getModelInferMethod().getResponseMarshaller())
                .setType(MethodType.SERVER_STREAMING)
                .build();
        MethodDescriptor<Received, ModelStreamInferResponse> stream =
                GRPCInferenceServiceGrpc.getModelStreamInferMethod().toBuilder(
                                requests,
                                GRPCInferenceServiceGrpc.getModelStreamInferMethod()
                                        .getResponseMarshaller())
                        .build();
        List<ServerMethodDefinition<?, ?>> others = metadata.bindService().getMethods().stream()
                .filter(method -> !List.of(infer.getFullMethodName(), stream.getFullMethodName())
                        .contains(method.getMethodDescriptor().getFullMethodName()))
                .toList();
        ServiceDescriptor.Builder described = ServiceDescriptor.newBuilder(GRPCInferenceServiceGrpc.SERVICE_NAME)
                .setSchemaDescriptor(
                        GRPCInferenceServiceGrpc.getServiceDescriptor().getSchemaDescriptor())
                .addMethod(infer)
                .addMethod(stream);
        others.forEach(method -> described.addMethod(method.getMethodDescriptor()));
        ServerServiceDefinition.Builder service = ServerServiceDefinition.builder(described.build())
                .addMethod(infer, ServerCalls.asyncUnaryCall(this::infer))
                .addMethod(stream, ServerCalls.asyncBidiStreamingCall(this::stream));
        others.forEach(service::addMethod);
        return service.build();
    }

    private void infer(Received received, StreamObserver<ModelInferResponse> answers) {
        InferenceCall call = InferenceCall.current();
        ((ServerCallStreamObserver<ModelInferResponse>) answers).setOnReadyHandler(call::goOn);
        ModelInferResponse response = inferences.answer(received.take(), call);
        answers.onNext(response);
        call.answered(response.getSerializedSize(), answers::onCompleted);
    }

    private StreamObserver<Received> stream(StreamObserver<ModelStreamInferResponse> answers) {
        InferenceCall call = InferenceCall.current();
        ServerCallStreamObserver<ModelStreamInferResponse> observer =
                (ServerCallStreamObserver<ModelStreamInferResponse>) answers;
        Outlet outlet = new Outlet(
                call, observer, TimeUnit.SECONDS.toNanos(live.settings().sendWait()));
        return new InferenceStream(call, observer, inferences, new Sequences(live, call, outlet), live.calls());
    }
}
