package dev.phasor.web.grpc;

import com.google.protobuf.UnsafeByteOperations;
import dev.phasor.web.connection.OwnPort;
import dev.phasor.web.model.Datatype;
import dev.phasor.web.model.Model;
import dev.phasor.web.model.Sequence;
import dev.phasor.web.session.LiveRehearsal;
import inference.GRPCInferenceServiceGrpc;
import inference.ModelInferRequest;
import inference.ModelInferRequest.InferInputTensor;
import inference.ModelStreamInferResponse;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** As a sequence over gRPC, by the server's own threads. */
final class StreamRehearsal implements LiveRehearsal {

    private final @Nullable InetAddress bound;
    private final GrpcServer server;
    private final Connections connections;
    private final Calls calls;

    StreamRehearsal(@Nullable InetAddress bound, GrpcServer server, Connections connections, Calls calls) {
        this.bound = bound;
        this.server = server;
        this.connections = connections;
        this.calls = calls;
    }

    @Override
    public String name() {
        return "ModelStreamInfer";
    }

    @Override
    public void play(String key, Map<String, String> parameters, List<byte[]> frames, Duration atMost)
            throws Exception {
        long end = System.nanoTime() + atMost.toNanos();
        Metadata headers = new Metadata();
        headers.put(CallInterceptor.AUTHORIZATION, "Bearer " + key);
        ManagedChannel channel = NettyChannelBuilder.forAddress(
                        new InetSocketAddress(OwnPort.reached(bound), server.getPort()))
                .usePlaintext()
                .channelType(NioSocketChannel.class)
                .eventLoopGroup(connections.workers())
                .executor(calls.threads())
                .build();
        try {
            Heard heard = new Heard();
            StreamObserver<ModelInferRequest> requests = GRPCInferenceServiceGrpc.newStub(channel)
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                    .modelStreamInfer(heard);
            for (int i = 0; i < frames.size(); i++) {
                ModelInferRequest.Builder request = request(frames.get(i));
                if (i == 0) {
                    request.putParameters(Sequence.START, SequenceMessages.flag(true));
                    parameters.forEach((name, value) -> request.putParameters(name, SequenceMessages.text(value)));
                }
                requests.onNext(request.putParameters(Sequence.END, SequenceMessages.flag(i == frames.size() - 1))
                        .build());
            }
            requests.onCompleted();
            heard.end.get(LiveRehearsal.nanosUntil(end), TimeUnit.NANOSECONDS);
        } finally {
            channel.shutdownNow();
        }
    }

    private static ModelInferRequest.Builder request(byte[] frame) {
        return ModelInferRequest.newBuilder()
                .setModelName(Model.RECONSTRUCT.wireName())
                .putParameters(Sequence.ID, SequenceMessages.text("warmup"))
                .addInputs(InferInputTensor.newBuilder()
                        .setName("magnitude")
                        .setDatatype(Datatype.FP32.name())
                        .addAllShape(List.of(1L, (long) frame.length / Float.BYTES, 1L)))
                .addRawInputContents(UnsafeByteOperations.unsafeWrap(frame));
    }

    private static final class Heard implements StreamObserver<ModelStreamInferResponse> {

        private final CompletableFuture<Boolean> end = new CompletableFuture<>();

        @Override
        public void onNext(ModelStreamInferResponse answer) {
            if (!answer.getErrorMessage().isEmpty()) {
                end.completeExceptionally(new IOException(answer.getErrorMessage()));
            }
        }

        @Override
        public void onError(Throwable fault) {
            end.completeExceptionally(fault);
        }

        @Override
        public void onCompleted() {
            end.complete(true);
        }
    }
}
