package dev.phasor.web;

import com.google.protobuf.ByteString;
import dev.phasor.Bytes;
import inference.GRPCInferenceServiceGrpc;
import inference.ModelInferRequest;
import inference.ModelInferResponse;
import inference.ModelStreamInferResponse;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A stream with sequences, as a client of Triton's protocol has it. */
public final class GrpcSequence implements AutoCloseable {

    private static final int SECONDS = 60;

    private final ClientCall<ModelInferRequest, ModelStreamInferResponse> call;
    private final BlockingQueue<ModelStreamInferResponse> answers = new LinkedBlockingQueue<>();
    private final CompletableFuture<Status> end = new CompletableFuture<>();
    private final BlockingQueue<Metadata> trailers = new LinkedBlockingQueue<>();
    private volatile boolean reads = true;

    public GrpcSequence(ManagedChannel channel) {
        this(channel, new Metadata());
    }

    public GrpcSequence(ManagedChannel channel, Metadata headers) {
        this(channel, headers, answer -> {});
    }

    /** @param heard is told of each answer as it comes */
    GrpcSequence(ManagedChannel channel, Metadata headers, Consumer<ModelStreamInferResponse> heard) {
        call = channel.newCall(GRPCInferenceServiceGrpc.getModelStreamInferMethod(), CallOptions.DEFAULT);
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onMessage(ModelStreamInferResponse answer) {
                        heard.accept(answer);
                        answers.add(answer);
                        if (reads) {
                            call.request(1);
                        }
                    }

                    @Override
                    public void onClose(Status status, Metadata metadata) {
                        trailers.add(metadata);
                        end.complete(status);
                        answers.add(ModelStreamInferResponse.getDefaultInstance());
                    }
                },
                headers);
        call.request(1);
    }

    /** The first request of a sequence, with an input or without. */
    public static ModelInferRequest.Builder start(String model, Object id, Map<String, Object> parameters) {
        return GrpcClient.request(model, parameters)
                .putParameters("sequence_id", GrpcClient.parameter(id))
                .putParameters("sequence_start", GrpcClient.parameter(true));
    }

    /** A later request of a sequence. */
    public static ModelInferRequest.Builder next(String model, Object id, boolean end) {
        return GrpcClient.request(model, Map.of())
                .putParameters("sequence_id", GrpcClient.parameter(id))
                .putParameters("sequence_start", GrpcClient.parameter(false))
                .putParameters("sequence_end", GrpcClient.parameter(end));
    }

    /** A request with an input. */
    public static ModelInferRequest.Builder with(
            ModelInferRequest.Builder request, String name, float[] values, long... shape) {
        return request.addInputs(GrpcClient.tensor(name, "FP32", shape))
                .addRawInputContents(ByteString.copyFrom(Bytes.floats(values)));
    }

    public void send(ModelInferRequest.Builder request) {
        call.sendMessage(request.build());
    }

    /** The next answer. */
    public ModelStreamInferResponse hear() throws Exception {
        ModelStreamInferResponse answer = answers.poll(SECONDS, TimeUnit.SECONDS);
        if (answer == null) {
            throw new IllegalStateException("nothing was answered");
        } else if (answer == ModelStreamInferResponse.getDefaultInstance()) {
            throw new IllegalStateException("the stream ended with " + end.get());
        }
        return answer;
    }

    /** The next answer without what was wrong. */
    public ModelInferResponse right() throws Exception {
        ModelStreamInferResponse answer = hear();
        if (!answer.getErrorMessage().isEmpty()) {
            throw new IllegalStateException(answer.getErrorMessage());
        }
        return answer.getInferResponse();
    }

    /** Whether no other answer follows to the same request. */
    public static boolean isLast(ModelInferResponse answer) {
        return answer.getParametersOrThrow("triton_final_response").getBoolParam();
    }

    /** The one output as it stands, row-major. */
    public static float[] output(ModelInferResponse answer) {
        ByteString raw = answer.getRawOutputContents(0);
        float[] values = new float[raw.size() / Float.BYTES];
        raw.asReadOnlyByteBuffer()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(values);
        return values;
    }

    public void halfClose() {
        call.halfClose();
    }

    /** How the stream ended. */
    public Status end() throws Exception {
        return end.get(SECONDS, TimeUnit.SECONDS);
    }

    public Metadata trailers() throws Exception {
        end();
        return trailers.take();
    }

    /** Whether the stream has ended. */
    public boolean hasEnded() {
        return end.isDone();
    }

    /** Reads one more answer, and then none. */
    public void stopReading() {
        reads = false;
    }

    /** Leaves without a word. */
    @Override
    public void close() {
        call.cancel("the client leaves", null);
    }
}
