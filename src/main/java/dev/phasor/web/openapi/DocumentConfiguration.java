package dev.phasor.web.openapi;

import dev.phasor.compute.ComputeSettings;
import dev.phasor.compute.Limits;
import dev.phasor.operation.Maxima;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Hands the document to springdoc, which serves it. */
@Configuration(proxyBeanMethods = false)
class DocumentConfiguration {

    @Bean
    OpenApiCustomizer document(Limits limits, ComputeSettings compute) {
        return new ServiceDocument(new Maxima(limits, compute))::writeTo;
    }
}
