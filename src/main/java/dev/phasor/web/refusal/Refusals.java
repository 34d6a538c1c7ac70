package dev.phasor.web.refusal;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;

/** Configures how a port reports refused requests. The management port imports it through {@link ManagementPort}. */
class Refusals {

    /** The valve follows Spring Boot's error valve, so that it reports first. */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> refusals(ProblemWriter problems) {
        return factory -> factory.addContextCustomizers(
                context -> context.getParent().getPipeline().addValve(new RefusalValve(problems)));
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> crowds(ProblemWriter problems) {
        return factory -> factory.addContextValves(new CrowdValve(problems));
    }
}
