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
import dev.phasor.operation.BlockwiseReconstruction;
import dev.phasor.operation.Intake;
import dev.phasor.operation.Maxima;
import dev.phasor.operation.Operations;
import dev.phasor.operation.StreamedAnalysis;
import dev.phasor.operation.StreamedReconstruction;
import dev.phasor.operation.StreamedSynthesis;
import dev.phasor.reconstruction.Kernels;
import dev.phasor.web.json.NumberList;
import dev.phasor.web.telemetry.ComputeMeters;
import tools.jackson.databind.ObjectMapper;

/** What exchanges with different timeouts share. */
record ExchangeParts(
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

    /** These parts, of whose work no meter hears. */
    ExchangeParts unheard() {
        return new ExchangeParts(
                limits,
                budget,
                kernels,
                decoder,
                pool,
                streams,
                blocks,
                client,
                spools,
                intake,
                writer,
                mapper,
                ComputeMeters.unheard());
    }

    /** @param compute whose timeout is the longest that a request may ask for */
    Exchange exchange(ComputeSettings compute) {
        Maxima maxima = new Maxima(limits, compute);
        Flowing flowing =
                new Flowing(pool.streams(), compute.timeout(), streams, client, spools, maxima, mapper, meters);
        SoundBody body = new SoundBody(decoder, intake, limits.maxUpload().toBytes(), flowing);
        AudioStream stream =
                new AudioStream(new StreamedReconstruction(limits, kernels, pool.threads()), body, flowing);
        MagnitudeStream magnitudes = new MagnitudeStream(
                new BlockwiseReconstruction(limits, kernels, pool.threads(), blocks.values()),
                blocks.from(budget.capacity()),
                flowing);
        SpectrogramStream spectrograms = new SpectrogramStream(
                new StreamedAnalysis(limits, kernels, pool.threads()), blocks.from(budget.capacity()), body, flowing);
        ComplexStream complexes = new ComplexStream(
                new StreamedSynthesis(limits, kernels, pool.threads()),
                limits.maxUpload().toBytes(),
                flowing);
        CallReader reader = new CallReader(limits, maxima, decoder, NumberList.mapper());
        Operations operations = new Operations(limits, kernels, meters, pool, compute);
        return new Exchange(
                operations, budget, reader, intake, writer, meters, stream, magnitudes, spectrograms, complexes);
    }
}
