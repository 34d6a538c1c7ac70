package dev.phasor.web.audio;

import dev.phasor.web.guard.Limits;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.ObjectMapper;

/** The wiring of {@code /v1}. */
@Configuration(proxyBeanMethods = false)
class AudioConfiguration {

    @Bean
    CallReader callReader(Limits limits, ObjectMapper mapper) {
        return new CallReader(limits, mapper);
    }

    @Bean
    AnswerWriter answerWriter(ObjectMapper mapper) {
        return new AnswerWriter(mapper);
    }
}
