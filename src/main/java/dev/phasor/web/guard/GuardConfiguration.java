package dev.phasor.web.guard;

import io.micrometer.core.instrument.MeterRegistry;
import org.apache.coyote.ContinueResponseTiming;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import tools.jackson.databind.ObjectMapper;

/** The wiring of what every request passes. */
@Configuration(proxyBeanMethods = false)
@Import(Refusals.class)
class GuardConfiguration {

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> clients(Limits limits) {
        return factory -> factory.addEngineValves(new ClientValve(limits));
    }

    /** Who sends {@code Expect: 100-continue} hears of a refusal before the body is sent. */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> expectations() {
        return factory -> factory.addConnectorCustomizers(connector -> connector.setProperty(
                "continueResponseTiming", ContinueResponseTiming.ON_REQUEST_BODY_READ.toString()));
    }

    @Bean
    ProblemWriter problemWriter(ObjectMapper mapper, MeterRegistry registry) {
        return new ProblemWriter(mapper, registry);
    }
}
