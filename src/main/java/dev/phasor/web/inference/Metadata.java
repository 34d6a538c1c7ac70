package dev.phasor.web.inference;

import java.util.List;

/** The responses to the protocol's GET requests, field by field. */
final class Metadata {

    private Metadata() {}

    record Server(String name, String version, List<String> extensions) {}

    record Live(boolean live) {}

    record Ready(boolean ready) {}

    record ModelReady(String name, boolean ready) {}

    record OfModel(String name, List<String> versions, String platform, List<Tensor> inputs, List<Tensor> outputs) {

        static OfModel of(Model model) {
            return new OfModel(model.wireName(), List.of(Model.VERSION), "phasor", model.inputs(), model.outputs());
        }
    }
}
