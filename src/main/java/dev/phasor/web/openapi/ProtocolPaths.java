package dev.phasor.web.openapi;

import dev.phasor.web.refusal.ProblemCode;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.Paths;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.HeaderParameter;
import io.swagger.v3.oas.models.parameters.PathParameter;
import io.swagger.v3.oas.models.parameters.RequestBody;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The paths of {@code /v2}. The inputs and outputs of a model are in its metadata, not here. */
final class ProtocolPaths {

    private static final String JSON = "application/json";
    private static final String HEADER_LENGTH = "Inference-Header-Content-Length";

    private ProtocolPaths() {}

    static void addTo(Paths paths) {
        paths.addPathItem("/v2", get("server_metadata", "name, version and extensions", server()));
        paths.addPathItem("/v2/health/live", get("server_live", "whether the service lives", object("live")));
        paths.addPathItem("/v2/health/ready", get("server_ready", "whether the service is ready", object("ready")));
        for (String version : List.of("", "/versions/{version}")) {
            String path = "/v2/models/{model}" + version;
            String suffix = version.isEmpty() ? "" : "_version";
            paths.addPathItem(
                    path, ofModel(path, get("model_metadata" + suffix, "a model's inputs and outputs", model())));
            paths.addPathItem(
                    path + "/ready",
                    ofModel(path, get("model_ready" + suffix, "whether a model is ready", object("name", "ready"))));
            paths.addPathItem(path + "/infer", ofModel(path, new PathItem().post(infer("infer" + suffix))));
        }
    }

    private static PathItem ofModel(String path, PathItem item) {
        item.addParametersItem(new PathParameter()
                .name("model")
                .description("stft, istft, phase, phase_vjp, reconstruct or reconstruct_vjp")
                .schema(Schemas.of("string").example("phase")));
        if (path.endsWith("{version}")) {
            item.addParametersItem(new PathParameter()
                    .name("version")
                    .description("1 is the only one")
                    .schema(Schemas.of("string").example("1")));
        }
        return item;
    }

    private static PathItem get(String name, String summary, Schema<Object> answer) {
        return new PathItem()
                .get(new Operation().operationId(name).summary(summary).responses(answers(summary, json(answer))));
    }

    private static Operation infer(String name) {
        Schema<Object> request = object("inputs");
        request.addProperty("id", Schemas.of("string"));
        request.addProperty("parameters", Schemas.fields());
        request.addProperty("inputs", list(tensor()));
        Schema<Object> output = object("name");
        output.addProperty("parameters", Schemas.fields());
        request.addProperty("outputs", list(output));
        Schema<Object> answer = object("model_name", "outputs");
        answer.addProperty("id", Schemas.of("string"));
        answer.addProperty("parameters", Schemas.fields());
        answer.addProperty("outputs", list(tensor()));
        return new Operation()
                .operationId(name)
                .summary("the Open Inference Protocol's inference, JSON or binary tensor data")
                .addParametersItem(new HeaderParameter()
                        .name(HEADER_LENGTH)
                        .description("of bodies with binary data: bytes of the JSON object before it")
                        .schema(Schemas.of("integer")))
                .requestBody(new RequestBody().required(true).content(withBytes(request)))
                .responses(answers("the outputs, in the order asked", withBytes(answer)));
    }

    private static Content withBytes(Schema<Object> schema) {
        return json(schema).addMediaType("application/octet-stream", new MediaType().schema(Schemas.bytes()));
    }

    private static Schema<Object> server() {
        Schema<Object> server = object("name", "version", "extensions");
        server.addProperty("extensions", list(Schemas.of("string")));
        return server;
    }

    private static Schema<Object> model() {
        Schema<Object> tensor = object("name", "datatype", "shape");
        tensor.addProperty("shape", list(Schemas.of("integer")));
        Schema<Object> model = object("name", "versions", "platform", "inputs", "outputs");
        model.addProperty("versions", list(Schemas.of("string")));
        model.addProperty("inputs", list(tensor));
        model.addProperty("outputs", list(tensor));
        return model;
    }

    private static Schema<Object> tensor() {
        Schema<Object> tensor = object("name", "shape", "datatype");
        tensor.addProperty("shape", list(Schemas.of("integer")));
        Schema<Object> datatype = Schemas.of("string");
        datatype.setEnum(List.of("FP16", "FP32", "FP64"));
        tensor.addProperty("datatype", datatype);
        tensor.addProperty("parameters", Schemas.fields());
        tensor.addProperty("data", Schemas.array());
        return tensor;
    }

    /** An object with required fields: {@code live} and {@code ready} are booleans, other fields strings. */
    private static Schema<Object> object(String... required) {
        Schema<Object> object = Schemas.of("object");
        for (String field : required) {
            boolean flag = field.equals("live") || field.equals("ready");
            object.addProperty(field, Schemas.of(flag ? "boolean" : "string"));
        }
        object.setRequired(List.of(required));
        return object;
    }

    private static Schema<Object> list(Schema<Object> items) {
        Schema<Object> list = Schemas.of("array");
        list.setItems(items);
        return list;
    }

    private static Content json(Schema<Object> schema) {
        return new Content().addMediaType(JSON, new MediaType().schema(schema));
    }

    private static ApiResponses answers(String summary, Content content) {
        ApiResponses answers = new ApiResponses()
                .addApiResponse("200", new ApiResponse().description(summary).content(content));
        Arrays.stream(ProblemCode.values())
                .map(code -> code.status().value())
                .collect(Collectors.toCollection(TreeSet::new))
                .forEach(status -> answers.addApiResponse(
                        String.valueOf(status),
                        new ApiResponse().description("what is wrong").content(json(object("error")))));
        return answers;
    }
}
