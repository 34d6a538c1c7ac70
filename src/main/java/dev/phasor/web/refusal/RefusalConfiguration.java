package dev.phasor.web.refusal;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import tools.jackson.databind.ObjectMapper;

/** Wires the parts that report refused requests to clients. */
@Configuration(proxyBeanMethods = false)
@Import(Refusals.class)
class RefusalConfiguration {

    @Bean
    ProblemWriter problemWriter(ObjectMapper mapper, MeterRegistry registry) {
        return new ProblemWriter(mapper, registry);
    }
}
