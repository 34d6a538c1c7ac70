package dev.phasor.web.model;

import static dev.phasor.signal.InvalidInputException.badParameter;
import static dev.phasor.signal.InvalidInputException.quoted;

import dev.phasor.operation.Endpoint;
import dev.phasor.signal.InvalidInputException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The operations that are offered as models, under their own names. Each operation decides which inputs are optional.
 */
public enum Model {
    STFT(List.of(Tensor.audio("audio")), List.of(Tensor.complex("spectrogram"))),
    MEL(
            List.of(
                    Tensor.audio("audio"),
                    Tensor.of("mean", Tensor.ANY),
                    Tensor.of("std", Tensor.ANY),
                    Tensor.of("filterbank", Tensor.ANY, Tensor.ANY)),
            List.of(Tensor.real("mel"))),
    MEL_VJP(
            List.of(
                    Tensor.audio("audio"),
                    Tensor.real("cotangent"),
                    Tensor.of("mean", Tensor.ANY),
                    Tensor.of("std", Tensor.ANY),
                    Tensor.of("filterbank", Tensor.ANY, Tensor.ANY)),
            List.of(Tensor.audio("gradient"))),
    ISTFT(List.of(Tensor.complex("spectrogram")), List.of(Tensor.audio("audio"))),
    PHASE(List.of(Tensor.audio("audio"), Tensor.complex("spectrogram")), List.of(Tensor.real("phase"))),
    PHASE_VJP(List.of(Tensor.complex("spectrogram"), Tensor.real("cotangent")), List.of(Tensor.complex("gradient"))),
    RECONSTRUCT(
            List.of(
                    Tensor.audio("audio"),
                    Tensor.complex("spectrogram"),
                    Tensor.real("magnitude"),
                    Tensor.real("mel"),
                    Tensor.of("mean", Tensor.ANY),
                    Tensor.of("std", Tensor.ANY),
                    Tensor.of("filterbank", Tensor.ANY, Tensor.ANY),
                    Tensor.real("phase"),
                    Tensor.real("mask")),
            List.of(Tensor.audio("audio"))),
    RECONSTRUCT_VJP(
            List.of(
                    Tensor.complex("spectrogram"),
                    Tensor.real("magnitude"),
                    Tensor.real("mel"),
                    Tensor.of("mean", Tensor.ANY),
                    Tensor.of("std", Tensor.ANY),
                    Tensor.of("filterbank", Tensor.ANY, Tensor.ANY),
                    Tensor.audio("cotangent"),
                    Tensor.audio("target")),
            List.of(
                    Tensor.audio("audio"),
                    Tensor.of("loss", 1),
                    Tensor.complex("gradient"),
                    Tensor.real("magnitude_gradient"),
                    Tensor.real("mel_gradient"))),
    STRETCH(List.of(Tensor.audio("audio"), Tensor.of("time_map", Tensor.ANY, 2)), List.of(Tensor.audio("audio"))),
    SEPARATE(
            List.of(
                    Tensor.audio("audio"),
                    Tensor.sources("magnitude"),
                    Tensor.sources("mask"),
                    Tensor.complexSources("estimate"),
                    Tensor.of("reference", Tensor.ANY, Tensor.ANY, Tensor.ANY)),
            List.of(Tensor.of("audio", Tensor.ANY, Tensor.ANY, Tensor.ANY))),
    SEPARATE_VJP(
            List.of(
                    Tensor.audio("audio"),
                    Tensor.sources("magnitude"),
                    Tensor.sources("mask"),
                    Tensor.of("cotangent", Tensor.ANY, Tensor.ANY, Tensor.ANY)),
            List.of(Tensor.of("audio", Tensor.ANY, Tensor.ANY, Tensor.ANY), Tensor.sources("gradient")));

    /** The only version of each model. */
    public static final String VERSION = "1";

    private final List<Tensor> inputs;
    private final List<Tensor> outputs;

    Model(List<Tensor> inputs, List<Tensor> outputs) {
        this.inputs = inputs;
        this.outputs = outputs;
    }

    /** @throws UnknownModelException if no model has this name and version */
    public static Model of(String name, @Nullable String version) {
        for (Model model : values()) {
            if (model.wireName().equals(name)) {
                if (version == null || version.equals(VERSION)) {
                    return model;
                }
                throw new UnknownModelException(
                        "the version of model " + name + " must be " + VERSION + ", got " + quoted(version));
            }
        }
        List<String> names = Arrays.stream(values()).map(Model::wireName).toList();
        throw new UnknownModelException("the model must be one of " + names + ", got " + quoted(name));
    }

    /** The name of the model and of its operation. */
    public String wireName() {
        return endpoint().wireName();
    }

    public Endpoint endpoint() {
        return Endpoint.valueOf(name());
    }

    public List<Tensor> inputs() {
        return inputs;
    }

    public List<Tensor> outputs() {
        return outputs;
    }

    /** The axis of the first output that counts items: where there are sources, they stand before. */
    int batchAxis() {
        return this == SEPARATE || this == SEPARATE_VJP ? 1 : 0;
    }

    /** Whether some requests have no such input; which may be left out together, the operation decides. */
    public boolean isOptional(Tensor input) {
        return switch (this) {
            case STFT, ISTFT, PHASE_VJP -> false;
            case MEL, MEL_VJP -> !input.name().equals("audio") && !input.name().equals("cotangent");
            case STRETCH, SEPARATE, SEPARATE_VJP ->
                !input.name().equals("audio") && !input.name().equals("cotangent");
            case PHASE, RECONSTRUCT, RECONSTRUCT_VJP -> true;
        };
    }

    /** @throws InvalidInputException {@code BAD_PARAMETER} if the model has no such input */
    Tensor input(String name, String what) {
        return find(inputs, name, what);
    }

    /** @throws InvalidInputException {@code BAD_PARAMETER} if the model has no such output */
    Tensor output(String name, String what) {
        return find(outputs, name, what);
    }

    private static Tensor find(List<Tensor> tensors, String name, String what) {
        for (Tensor tensor : tensors) {
            if (tensor.name().equals(name)) {
                return tensor;
            }
        }
        throw badParameter(what, "one of " + tensors.stream().map(Tensor::name).toList(), name);
    }
}
