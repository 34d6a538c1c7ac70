package dev.phasor.web.guard;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.ObjectMapper;

/** The wiring of what every request passes. */
@Configuration(proxyBeanMethods = false)
class GuardConfiguration {

    @Bean
    ProblemWriter problemWriter(ObjectMapper mapper) {
        return new ProblemWriter(mapper);
    }
}
