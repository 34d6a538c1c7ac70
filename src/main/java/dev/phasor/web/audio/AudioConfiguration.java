package dev.phasor.web.audio;

import dev.phasor.compute.ClientLimits;
import dev.phasor.compute.ComputePool;
import dev.phasor.compute.ComputeSettings;
import dev.phasor.compute.Limits;
import dev.phasor.compute.Spools;
import dev.phasor.compute.StreamLimits;
import dev.phasor.decoder.Decoder;
import dev.phasor.operation.Intake;
import dev.phasor.operation.Maxima;
import dev.phasor.operation.StreamedReconstruction;
import dev.phasor.reconstruction.Kernels;
import dev.phasor.web.json.NumberList;
import dev.phasor.web.telemetry.ComputeMeters;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.ObjectMapper;

/** Wires the parts of {@code /v1}. */
@Configuration(proxyBeanMethods = false)
class AudioConfiguration {

    @Bean
    CallReader callReader(Limits limits, ComputeSettings compute, Decoder decoder) {
        return new CallReader(limits, new Maxima(limits, compute), decoder, NumberList.mapper());
    }

    @Bean
    Intake intake(Decoder decoder, Limits limits) {
        return new Intake(decoder, limits.maxDecoded().toBytes());
    }

    @Bean
    AudioStream audioStream(
            Limits limits,
            Kernels kernels,
            Decoder decoder,
            ComputePool pool,
            ComputeSettings compute,
            StreamLimits streams,
            ClientLimits client,
            Spools spools,
            ObjectMapper mapper,
            ComputeMeters meters) {
        return new AudioStream(
                new StreamedReconstruction(limits, kernels, pool.threads()),
                decoder,
                limits.maxUpload().toBytes(),
                pool.streams(),
                compute.timeout(),
                streams,
                client,
                spools,
                new Maxima(limits, compute),
                mapper,
                meters);
    }

    @Bean
    AnswerWriter answerWriter(ObjectMapper mapper) {
        return new AnswerWriter(mapper);
    }
}
