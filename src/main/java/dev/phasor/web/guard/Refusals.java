package dev.phasor.web.guard;

import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;

/** Puts the {@link RefusalValve} on a port: the service's own, and that of the metrics, whose context finds it in META-INF/spring. */
class Refusals {

    /** It stands behind Spring Boot's, so that it is the first to report. */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> refusals(ProblemWriter problems) {
        return factory -> factory.addContextCustomizers(
                context -> context.getParent().getPipeline().addValve(new RefusalValve(problems)));
    }
}
