package dev.phasor.web.inference;

import dev.phasor.web.model.InferenceStatistics;
import dev.phasor.web.model.Model;
import dev.phasor.web.model.ServerState;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Answers the requests of {@code /v2} for health, metadata, configuration and statistics. */
@RestController
@RequestMapping("/v2")
class MetadataController {

    private final ServerState state;
    private final InferenceStatistics statistics;

    MetadataController(ServerState state, InferenceStatistics statistics) {
        this.state = state;
        this.statistics = statistics;
    }

    @GetMapping
    Metadata.Server server() {
        return new Metadata.Server(ServerState.NAME, state.version(), state.extensions());
    }

    @GetMapping("/health/live")
    ResponseEntity<Metadata.Live> live() {
        boolean live = state.isLive();
        return ResponseEntity.status(status(live)).body(new Metadata.Live(live));
    }

    @GetMapping("/health/ready")
    ResponseEntity<Metadata.Ready> ready() {
        boolean ready = state.isReady();
        return ResponseEntity.status(status(ready)).body(new Metadata.Ready(ready));
    }

    @GetMapping("/models")
    Metadata.Models models() {
        return Metadata.Models.all();
    }

    @GetMapping({"/models/{model}", "/models/{model}/versions/{version}"})
    Metadata.OfModel model(@PathVariable String model, @PathVariable(required = false) @Nullable String version) {
        return Metadata.OfModel.of(Model.of(model, version));
    }

    @GetMapping({"/models/{model}/config", "/models/{model}/versions/{version}/config"})
    Metadata.Config config(@PathVariable String model, @PathVariable(required = false) @Nullable String version) {
        return Metadata.Config.of(Model.of(model, version));
    }

    /** Of all models; Triton's clients ask so where no model is named. */
    @GetMapping("/models/stats")
    Metadata.Statistics stats() {
        return Metadata.Statistics.of(Arrays.asList(Model.values()), statistics);
    }

    @GetMapping({"/models/{model}/stats", "/models/{model}/versions/{version}/stats"})
    Metadata.Statistics stats(@PathVariable String model, @PathVariable(required = false) @Nullable String version) {
        return Metadata.Statistics.of(List.of(Model.of(model, version)), statistics);
    }

    @GetMapping({"/models/{model}/ready", "/models/{model}/versions/{version}/ready"})
    ResponseEntity<Metadata.ModelReady> modelReady(
            @PathVariable String model, @PathVariable(required = false) @Nullable String version) {
        String name = Model.of(model, version).wireName();
        boolean ready = state.isReady();
        return ResponseEntity.status(status(ready)).body(new Metadata.ModelReady(name, ready));
    }

    private static HttpStatus status(boolean well) {
        return well ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE;
    }
}
