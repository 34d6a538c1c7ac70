package dev.phasor.web.grpc;

import inference.GRPCInferenceServiceGrpc;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationListener;

/** The health that {@code grpc.health.v1} tells is the service's readiness. */
final class ReadinessHealth implements ApplicationListener<AvailabilityChangeEvent<ReadinessState>> {

    private final HealthStatusManager health = new HealthStatusManager();

    ReadinessHealth() {
        tell(ServingStatus.NOT_SERVING);
    }

    HealthStatusManager manager() {
        return health;
    }

    @Override
    public void onApplicationEvent(AvailabilityChangeEvent<ReadinessState> event) {
        tell(event.getState() == ReadinessState.ACCEPTING_TRAFFIC ? ServingStatus.SERVING : ServingStatus.NOT_SERVING);
    }

    private void tell(ServingStatus status) {
        health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, status);
        health.setStatus(GRPCInferenceServiceGrpc.SERVICE_NAME, status);
    }
}
