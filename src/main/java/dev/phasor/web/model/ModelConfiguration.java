package dev.phasor.web.model;

import dev.phasor.compute.ComputeSettings;
import dev.phasor.compute.Limits;
import dev.phasor.operation.Maxima;
import dev.phasor.web.telemetry.ComputeMeters;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires what both faces of the protocol need. */
@Configuration(proxyBeanMethods = false)
class ModelConfiguration {

    @Bean
    RequestAssembler requestAssembler(Limits limits, ComputeSettings compute) {
        return new RequestAssembler(limits, new Maxima(limits, compute));
    }

    @Bean
    InferenceStatistics inferenceStatistics(ComputeMeters meters) {
        return new InferenceStatistics(meters);
    }

    /** @param version the service's version, which Spring Boot takes from the jar's manifest */
    @Bean
    ServerState serverState(
            ApplicationAvailability availability, @Value("${spring.application.version:development}") String version) {
        return new ServerState(availability, version);
    }
}
