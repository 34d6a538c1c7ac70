package dev.phasor.web.guard;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.ObjectMapper;

/** The wiring of what every request passes. */
@Configuration(proxyBeanMethods = false)
class GuardConfiguration {

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> clients() {
        return factory -> factory.addEngineValves(new ClientValve());
    }

    /** It stands behind Spring Boot's, so that it is the first to report. */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> refusals(ProblemWriter problems) {
        return factory -> factory.addContextCustomizers(
                context -> context.getParent().getPipeline().addValve(new RefusalValve(problems)));
    }

    @Bean
    ProblemWriter problemWriter(ObjectMapper mapper, MeterRegistry registry) {
        return new ProblemWriter(mapper, registry);
    }
}
