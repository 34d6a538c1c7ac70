package dev.phasor.web.inference;

import dev.phasor.operation.Call;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request to a model, decoded.
 *
 * @param id the client's own name for the request, to be said back
 * @param outputs what is asked for in the order asked; empty for all there are
 * @param binary whether outputs of which nothing else is said are answered as binary data
 */
record InferRequest(Model model, @Nullable String id, Call call, List<Wanted> outputs, boolean binary) {

    /**
     * An output that is asked for.
     *
     * @param binary whether as binary data
     */
    record Wanted(String name, boolean binary) {}
}
