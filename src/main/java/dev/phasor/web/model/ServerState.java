package dev.phasor.web.model;

import java.util.List;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;

/** What the service says of itself. Models are part of the code, so they are ready when it is. */
public final class ServerState {

    public static final String NAME = "phasor";

    private final ApplicationAvailability availability;
    private final String version;

    ServerState(ApplicationAvailability availability, String version) {
        this.availability = availability;
        this.version = version;
    }

    public String version() {
        return version;
    }

    /** The protocol's extensions that this service supports. */
    public List<String> extensions() {
        return List.of("binary_tensor_data", "model_configuration", "statistics");
    }

    public boolean isLive() {
        return availability.getLivenessState() == LivenessState.CORRECT;
    }

    public boolean isReady() {
        return availability.getReadinessState() == ReadinessState.ACCEPTING_TRAFFIC;
    }
}
