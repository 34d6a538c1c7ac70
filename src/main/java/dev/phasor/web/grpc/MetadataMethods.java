package dev.phasor.web.grpc;

import dev.phasor.web.model.InferenceStatistics;
import dev.phasor.web.model.InferenceStatistics.Total;
import dev.phasor.web.model.Model;
import dev.phasor.web.model.ServerState;
import dev.phasor.web.model.Tensor;
import inference.DataType;
import inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase;
import inference.InferStatistics;
import inference.ModelConfig;
import inference.ModelConfigRequest;
import inference.ModelConfigResponse;
import inference.ModelInput;
import inference.ModelMetadataRequest;
import inference.ModelMetadataResponse;
import inference.ModelMetadataResponse.TensorMetadata;
import inference.ModelOutput;
import inference.ModelReadyRequest;
import inference.ModelReadyResponse;
import inference.ModelStatistics;
import inference.ModelStatisticsRequest;
import inference.ModelStatisticsResponse;
import inference.ModelTransactionPolicy;
import inference.ServerLiveRequest;
import inference.ServerLiveResponse;
import inference.ServerMetadataRequest;
import inference.ServerMetadataResponse;
import inference.ServerReadyRequest;
import inference.ServerReadyResponse;
import inference.StatisticDuration;
import io.grpc.stub.StreamObserver;
import java.util.Arrays;
import java.util.List;

/** The protocol's methods but those of inference. What they throw, {@link CallInterceptor} answers. */
final class MetadataMethods extends GRPCInferenceServiceImplBase {

    private final ServerState state;
    private final InferenceStatistics statistics;

    MetadataMethods(ServerState state, InferenceStatistics statistics) {
        this.state = state;
        this.statistics = statistics;
    }

    @Override
    public void serverLive(ServerLiveRequest request, StreamObserver<ServerLiveResponse> answers) {
        answer(answers, ServerLiveResponse.newBuilder().setLive(state.isLive()).build());
    }

    @Override
    public void serverReady(ServerReadyRequest request, StreamObserver<ServerReadyResponse> answers) {
        answer(
                answers,
                ServerReadyResponse.newBuilder().setReady(state.isReady()).build());
    }

    @Override
    public void modelReady(ModelReadyRequest request, StreamObserver<ModelReadyResponse> answers) {
        model(request.getName(), request.getVersion());
        answer(
                answers,
                ModelReadyResponse.newBuilder().setReady(state.isReady()).build());
    }

    @Override
    public void serverMetadata(ServerMetadataRequest request, StreamObserver<ServerMetadataResponse> answers) {
        answer(
                answers,
                ServerMetadataResponse.newBuilder()
                        .setName(ServerState.NAME)
                        .setVersion(state.version())
                        .addAllExtensions(state.extensions())
                        .build());
    }

    @Override
    public void modelMetadata(ModelMetadataRequest request, StreamObserver<ModelMetadataResponse> answers) {
        Model model = model(request.getName(), request.getVersion());
        answer(
                answers,
                ModelMetadataResponse.newBuilder()
                        .setName(model.wireName())
                        .addVersions(Model.VERSION)
                        .setPlatform(ServerState.NAME)
                        .addAllInputs(tensors(model.inputs()))
                        .addAllOutputs(tensors(model.outputs()))
                        .build());
    }

    private static List<TensorMetadata> tensors(List<Tensor> tensors) {
        return tensors.stream()
                .map(tensor -> TensorMetadata.newBuilder()
                        .setName(tensor.name())
                        .setDatatype(tensor.datatype())
                        .addAllShape(axes(tensor))
                        .build())
                .toList();
    }

    private static List<Long> axes(Tensor tensor) {
        return tensor.shape().stream().map(Integer::longValue).toList();
    }

    @Override
    public void modelConfig(ModelConfigRequest request, StreamObserver<ModelConfigResponse> answers) {
        Model model = model(request.getName(), request.getVersion());
        ModelConfig.Builder config = ModelConfig.newBuilder()
                .setName(model.wireName())
                .setPlatform(ServerState.NAME)
                .setBackend(ServerState.NAME)
                .setModelTransactionPolicy(ModelTransactionPolicy.getDefaultInstance());
        model.inputs()
                .forEach(input -> config.addInput(ModelInput.newBuilder()
                        .setName(input.name())
                        .setDataType(DataType.TYPE_FP32)
                        .addAllDims(axes(input))
                        .setOptional(model.isOptional(input))));
        model.outputs()
                .forEach(output -> config.addOutput(ModelOutput.newBuilder()
                        .setName(output.name())
                        .setDataType(DataType.TYPE_FP32)
                        .addAllDims(axes(output))));
        answer(answers, ModelConfigResponse.newBuilder().setConfig(config).build());
    }

    @Override
    public void modelStatistics(ModelStatisticsRequest request, StreamObserver<ModelStatisticsResponse> answers) {
        List<Model> asked = request.getName().isEmpty()
                ? Arrays.asList(Model.values())
                : List.of(model(request.getName(), request.getVersion()));
        ModelStatisticsResponse.Builder response = ModelStatisticsResponse.newBuilder();
        asked.forEach(model -> response.addModelStats(statistics(model, statistics.of(model))));
        answer(answers, response.build());
    }

    private static ModelStatistics statistics(Model model, InferenceStatistics.OfModel totals) {
        return ModelStatistics.newBuilder()
                .setName(model.wireName())
                .setVersion(Model.VERSION)
                .setLastInference(totals.lastInference())
                .setInferenceCount(totals.inferences())
                .setExecutionCount(totals.success().count())
                .setInferenceStats(InferStatistics.newBuilder()
                        .setSuccess(duration(totals.success()))
                        .setFail(duration(totals.fail()))
                        .setQueue(duration(totals.queue()))
                        .setComputeInput(duration(totals.input()))
                        .setComputeInfer(duration(totals.compute()))
                        .setComputeOutput(duration(totals.output())))
                .build();
    }

    private static StatisticDuration duration(Total total) {
        return StatisticDuration.newBuilder()
                .setCount(total.count())
                .setNs(total.ns())
                .build();
    }

    private static Model model(String name, String version) {
        return Model.of(name, Inferences.version(version));
    }

    private static <T> void answer(StreamObserver<T> answers, T answer) {
        answers.onNext(answer);
        answers.onCompleted();
    }
}
