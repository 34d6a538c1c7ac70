package dev.phasor.web.inference;

import dev.phasor.compute.ComputeSettings;
import dev.phasor.compute.Limits;
import dev.phasor.operation.Maxima;
import dev.phasor.web.json.NumberList;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.ObjectMapper;

/** Wires the parts of {@code /v2}. */
@Configuration(proxyBeanMethods = false)
class InferenceConfiguration {

    @Bean
    RequestReader requestReader(Limits limits, ComputeSettings compute) {
        return new RequestReader(limits, new Maxima(limits, compute), NumberList.mapper());
    }

    @Bean
    ResponseWriter responseWriter(ObjectMapper mapper) {
        return new ResponseWriter(mapper);
    }
}
