package dev.phasor.web.refusal;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;

/**
 * What a port reports: the service's own, and that of the metrics, whose context finds it through
 * {@link ManagementPort}.
 */
class Refusals {

    /** It stands behind Spring Boot's, so that it is the first to report. */
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
