package dev.phasor.web.audio;

import dev.phasor.phase.Phase;
import dev.phasor.web.guard.ClientLimits;
import dev.phasor.web.guard.ComputePool;
import dev.phasor.web.guard.ComputeSettings;
import dev.phasor.web.guard.Limits;
import dev.phasor.web.guard.Spools;
import dev.phasor.web.guard.StreamLimits;
import dev.phasor.web.operation.Maxima;
import dev.phasor.web.operation.NumberList;
import dev.phasor.web.operation.StreamedReconstruction;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.ObjectMapper;

/** The wiring of {@code /v1}. */
@Configuration(proxyBeanMethods = false)
class AudioConfiguration {

    @Bean
    CallReader callReader(Limits limits, ComputeSettings compute) {
        return new CallReader(limits, new Maxima(limits, compute), NumberList.mapper());
    }

    @Bean
    AudioStream audioStream(
            Limits limits,
            Phase phase,
            ComputePool pool,
            ComputeSettings compute,
            StreamLimits streams,
            ClientLimits client,
            Spools spools,
            ObjectMapper mapper) {
        return new AudioStream(
                new StreamedReconstruction(limits, phase),
                pool.streams(),
                compute.timeout(),
                streams,
                client,
                spools,
                new Maxima(limits, compute),
                mapper);
    }

    @Bean
    Spools spools(StreamLimits streams) {
        return new Spools(streams);
    }

    @Bean
    AnswerWriter answerWriter(ObjectMapper mapper) {
        return new AnswerWriter(mapper);
    }
}
