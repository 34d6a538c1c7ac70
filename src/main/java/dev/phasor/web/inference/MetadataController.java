package dev.phasor.web.inference;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Answers the health and metadata requests of {@code /v2}. */
@RestController
@RequestMapping("/v2")
class MetadataController {

    /** The protocol's extensions that this service supports. */
    private static final List<String> EXTENSIONS = List.of("binary_tensor_data");

    private final ApplicationAvailability availability;
    private final String version;

    /** @param version the service's version, which Spring Boot takes from the jar's manifest */
    MetadataController(
            ApplicationAvailability availability, @Value("${spring.application.version:development}") String version) {
        this.availability = availability;
        this.version = version;
    }

    @GetMapping
    Metadata.Server server() {
        return new Metadata.Server("phasor", version, EXTENSIONS);
    }

    @GetMapping("/health/live")
    ResponseEntity<Metadata.Live> live() {
        boolean live = availability.getLivenessState() == LivenessState.CORRECT;
        return ResponseEntity.status(status(live)).body(new Metadata.Live(live));
    }

    @GetMapping("/health/ready")
    ResponseEntity<Metadata.Ready> ready() {
        boolean ready = isReady();
        return ResponseEntity.status(status(ready)).body(new Metadata.Ready(ready));
    }

    @GetMapping({"/models/{model}", "/models/{model}/versions/{version}"})
    Metadata.OfModel model(@PathVariable String model, @PathVariable(required = false) @Nullable String version) {
        return Metadata.OfModel.of(Model.of(model, version));
    }

    /** Models are part of the code, so they are ready when the service is. */
    @GetMapping({"/models/{model}/ready", "/models/{model}/versions/{version}/ready"})
    ResponseEntity<Metadata.ModelReady> modelReady(
            @PathVariable String model, @PathVariable(required = false) @Nullable String version) {
        String name = Model.of(model, version).wireName();
        boolean ready = isReady();
        return ResponseEntity.status(status(ready)).body(new Metadata.ModelReady(name, ready));
    }

    private boolean isReady() {
        return availability.getReadinessState() == ReadinessState.ACCEPTING_TRAFFIC;
    }

    private static HttpStatus status(boolean well) {
        return well ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE;
    }
}
