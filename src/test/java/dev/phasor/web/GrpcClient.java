package dev.phasor.web;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.phasor.Bytes;
import inference.GRPCInferenceServiceGrpc;
import inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import inference.InferParameter;
import inference.InferTensorContents;
import inference.ModelInferRequest;
import inference.ModelInferRequest.InferInputTensor;
import inference.ModelInferResponse;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A client of the gRPC face that knows nothing of it but the protocol. */
final class GrpcClient implements AutoCloseable {

    private static final int LARGEST_ANSWER = 1 << 30;

    private final ManagedChannel channel;

    GrpcClient(int port) {
        channel = NettyChannelBuilder.forAddress("127.0.0.1", port)
                .usePlaintext()
                .maxInboundMessageSize(LARGEST_ANSWER)
                .build();
    }

    ManagedChannel channel() {
        return channel;
    }

    GRPCInferenceServiceBlockingStub stub() {
        return GRPCInferenceServiceGrpc.newBlockingStub(channel);
    }

    GRPCInferenceServiceGrpc.GRPCInferenceServiceStub async() {
        return GRPCInferenceServiceGrpc.newStub(channel);
    }

    /** An input: its shape, and its values in row-major order. */
    record Sent(long[] shape, float[] values) {

        static Sent of(float[] values, long... shape) {
            return new Sent(shape, values);
        }
    }

    /** A request with raw contents. */
    static ModelInferRequest.Builder raw(String model, Map<String, Sent> inputs, Map<String, Object> parameters) {
        ModelInferRequest.Builder request = request(model, parameters);
        inputs.forEach((name, sent) -> request.addInputs(tensor(name, "FP32", sent.shape()))
                .addRawInputContents(UnsafeByteOperations.unsafeWrap(Bytes.floats(sent.values()))));
        return request;
    }

    /** A request with typed contents. */
    static ModelInferRequest.Builder typed(String model, Map<String, Sent> inputs, Map<String, Object> parameters) {
        ModelInferRequest.Builder request = request(model, parameters);
        inputs.forEach((name, sent) -> {
            InferTensorContents.Builder contents = InferTensorContents.newBuilder();
            for (float value : sent.values()) {
                contents.addFp32Contents(value);
            }
            request.addInputs(tensor(name, "FP32", sent.shape()).setContents(contents));
        });
        return request;
    }

    static ModelInferRequest.Builder request(String model, Map<String, Object> parameters) {
        ModelInferRequest.Builder request = ModelInferRequest.newBuilder().setModelName(model);
        parameters.forEach((name, value) -> request.putParameters(name, parameter(value)));
        return request;
    }

    static InferParameter parameter(Object value) {
        InferParameter.Builder parameter = InferParameter.newBuilder();
        if (value instanceof Boolean flag) {
            return parameter.setBoolParam(flag).build();
        } else if (value instanceof Integer number) {
            return parameter.setInt64Param(number).build();
        } else if (value instanceof Double number) {
            return parameter.setDoubleParam(number).build();
        }
        return parameter.setStringParam(value.toString()).build();
    }

    static InferInputTensor.Builder tensor(String name, String datatype, long... shape) {
        InferInputTensor.Builder tensor =
                InferInputTensor.newBuilder().setName(name).setDatatype(datatype);
        for (long size : shape) {
            tensor.addShape(size);
        }
        return tensor;
    }

    /** The bytes of each output, by name. */
    static Map<String, ByteString> outputs(ModelInferResponse response) {
        Map<String, ByteString> outputs = new LinkedHashMap<>();
        for (int i = 0; i < response.getOutputsCount(); i++) {
            outputs.put(response.getOutputs(i).getName(), response.getRawOutputContents(i));
        }
        return outputs;
    }

    @Override
    public void close() throws InterruptedException {
        channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    }
}
