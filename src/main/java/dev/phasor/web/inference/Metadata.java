package dev.phasor.web.inference;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.phasor.web.model.InferenceStatistics;
import dev.phasor.web.model.InferenceStatistics.Total;
import dev.phasor.web.model.Model;
import dev.phasor.web.model.Tensor;
import java.util.Arrays;
import java.util.List;

/** The responses to the protocol's GET requests, field by field. Names with underscores are Triton's. */
final class Metadata {

    private static final Total NEVER = new Total(0, 0);

    private Metadata() {}

    record Server(String name, String version, List<String> extensions) {}

    record Live(boolean live) {}

    record Ready(boolean ready) {}

    record ModelReady(String name, boolean ready) {}

    record Models(List<String> models) {

        static Models all() {
            return new Models(Arrays.stream(Model.values()).map(Model::wireName).toList());
        }
    }

    record OfModel(String name, List<String> versions, String platform, List<Tensor> inputs, List<Tensor> outputs) {

        static OfModel of(Model model) {
            return new OfModel(model.wireName(), List.of(Model.VERSION), "phasor", model.inputs(), model.outputs());
        }
    }

    /** @param maxBatchSize 0: the batch is the first of the dims */
    record Config(
            String name,
            String platform,
            String backend,
            @JsonProperty("max_batch_size") int maxBatchSize,
            List<ConfigInput> input,
            List<ConfigOutput> output,
            @JsonProperty("model_transaction_policy") Transactions transactions) {

        static Config of(Model model) {
            return new Config(
                    model.wireName(),
                    "phasor",
                    "phasor",
                    0,
                    model.inputs().stream()
                            .map(each -> new ConfigInput(
                                    each.name(), "TYPE_" + each.datatype(), each.shape(), model.isOptional(each)))
                            .toList(),
                    model.outputs().stream()
                            .map(each -> new ConfigOutput(each.name(), "TYPE_" + each.datatype(), each.shape()))
                            .toList(),
                    new Transactions(false));
        }
    }

    record ConfigInput(
            String name, @JsonProperty("data_type") String datatype, List<Integer> dims, boolean optional) {}

    record ConfigOutput(
            String name, @JsonProperty("data_type") String datatype, List<Integer> dims) {}

    record Transactions(boolean decoupled) {}

    record Statistics(@JsonProperty("model_stats") List<OfOne> models) {

        static Statistics of(List<Model> models, InferenceStatistics all) {
            return new Statistics(
                    models.stream().map(model -> of(model, all.of(model))).toList());
        }

        private static OfOne of(Model model, InferenceStatistics.OfModel totals) {
            return new OfOne(
                    model.wireName(),
                    Model.VERSION,
                    totals.lastInference(),
                    totals.inferences(),
                    totals.success().count(),
                    new Stages(
                            totals.success(),
                            totals.fail(),
                            totals.queue(),
                            totals.input(),
                            totals.compute(),
                            totals.output(),
                            NEVER,
                            NEVER),
                    List.of());
        }
    }

    record OfOne(
            String name,
            String version,
            @JsonProperty("last_inference") long lastInference,
            @JsonProperty("inference_count") long inferences,
            @JsonProperty("execution_count") long executions,
            @JsonProperty("inference_stats") Stages stages,
            @JsonProperty("batch_stats") List<Object> batches) {}

    record Stages(
            Total success,
            Total fail,
            Total queue,
            @JsonProperty("compute_input") Total input,
            @JsonProperty("compute_infer") Total compute,
            @JsonProperty("compute_output") Total output,
            @JsonProperty("cache_hit") Total hit,
            @JsonProperty("cache_miss") Total miss) {}
}
