package dev.phasor.web.model;

import dev.phasor.operation.Call;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A decoded inference request.
 *
 * @param id the client's id of the request, which the response repeats; null if it sent none
 * @param outputs the requested outputs in the order of the request; empty for all outputs
 * @param binary whether outputs are returned as binary data unless they ask otherwise
 */
public record InferRequest(Model model, @Nullable String id, Call call, List<Wanted> outputs, boolean binary) {

    /**
     * A requested output.
     *
     * @param binary whether it is returned as binary data
     */
    public record Wanted(String name, boolean binary) {}
}
