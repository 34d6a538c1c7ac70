package dev.phasor.web.inference;

import dev.phasor.compute.Limits;
import dev.phasor.web.json.NumberList;
import dev.phasor.web.model.RequestAssembler;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.ObjectMapper;

/** Wires the parts of {@code /v2}. */
@Configuration(proxyBeanMethods = false)
class InferenceConfiguration {

    @Bean
    RequestReader requestReader(Limits limits, RequestAssembler assembler) {
        return new RequestReader(limits, assembler, NumberList.mapper());
    }

    @Bean
    ResponseWriter responseWriter(ObjectMapper mapper) {
        return new ResponseWriter(mapper);
    }
}
