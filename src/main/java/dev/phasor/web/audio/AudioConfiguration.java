package dev.phasor.web.audio;

import dev.phasor.compute.BlockSettings;
import dev.phasor.compute.ClientLimits;
import dev.phasor.compute.ComputePool;
import dev.phasor.compute.ComputeSettings;
import dev.phasor.compute.Limits;
import dev.phasor.compute.MemoryBudget;
import dev.phasor.compute.Spools;
import dev.phasor.compute.StreamLimits;
import dev.phasor.decoder.Decoder;
import dev.phasor.job.Answers;
import dev.phasor.job.JobSettings;
import dev.phasor.operation.Intake;
import dev.phasor.reconstruction.Kernels;
import dev.phasor.web.telemetry.ComputeMeters;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.ObjectMapper;

/** Wires the parts of {@code /v1}. */
@Configuration(proxyBeanMethods = false)
class AudioConfiguration {

    @Bean
    Intake intake(Decoder decoder, Limits limits) {
        return new Intake(decoder, limits.maxDecoded().toBytes());
    }

    @Bean
    AnswerWriter answerWriter(ObjectMapper mapper) {
        return new AnswerWriter(mapper);
    }

    /** Answers the requests of connections. */
    @Bean
    Exchange exchange(ExchangeParts parts, ComputeSettings compute) {
        return parts.exchange(compute);
    }

    /** Answers the requests of jobs, which may take longer. */
    @Bean
    Answers jobAnswers(ExchangeParts parts, ComputeSettings compute, JobSettings jobs) {
        return new JobAnswers(parts.exchange(compute.lasting(jobs.timeout())));
    }

    @Bean
    Rehearsal rehearsal(ExchangeParts parts, ComputeSettings compute) {
        return new Rehearsal(parts.unheard().exchange(compute));
    }

    @Bean
    ExchangeParts exchangeParts(
            Limits limits,
            MemoryBudget budget,
            Kernels kernels,
            Decoder decoder,
            ComputePool pool,
            StreamLimits streams,
            BlockSettings blocks,
            ClientLimits client,
            Spools spools,
            Intake intake,
            AnswerWriter writer,
            ObjectMapper mapper,
            ComputeMeters meters) {
        return new ExchangeParts(
                limits, budget, kernels, decoder, pool, streams, blocks, client, spools, intake, writer, mapper,
                meters);
    }
}
