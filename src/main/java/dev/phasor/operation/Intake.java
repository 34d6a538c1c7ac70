package dev.phasor.operation;

import static dev.phasor.signal.InvalidInputException.badParameter;

import dev.phasor.codec.AudioReader;
import dev.phasor.codec.CodecLimits;
import dev.phasor.codec.SignalReader;
import dev.phasor.compute.HeapRegions;
import dev.phasor.compute.MemoryBudget;
import dev.phasor.compute.Patience;
import dev.phasor.decoder.Decoder;
import dev.phasor.operation.Inputs.Kind;
import dev.phasor.signal.AudioSignal;
import dev.phasor.signal.InvalidInputException;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Turns what came in into audio that operations know: files in formats that ffmpeg reads are decoded, and with
 * {@code resample_to} all audio is resampled.
 */
public final class Intake {

    /** The rates that sound has; between them the filter of a resampling is no longer than memory allows. */
    private static final int LEAST_RATE = 1000;

    private static final int LARGEST_RATE = 768_000;

    private final Decoder decoder;
    private final long mostDecoded;

    /** @param mostDecoded bytes of a body once decoded to float32 */
    public Intake(Decoder decoder, long mostDecoded) {
        this.decoder = decoder;
        this.mostDecoded = mostDecoded;
    }

    /**
     * Decodes and resamples the inputs of a call, in their places.
     *
     * @throws InvalidInputException for what the client has to change
     * @throws dev.phasor.compute.BusyException for what the client may try again
     */
    public void run(Endpoint endpoint, Call call, Patience patience) {
        Inputs inputs = call.inputs();
        CodecLimits memory = limits(call.memory());
        String client = call.memory().client();
        inputs.files().forEach((input, file) -> {
            inputs.decoded(input, decoder.decode(file, memory, client, patience));
            inputs.origin().putIfAbsent("source_format", file.format().wireName());
            inputs.origin().put("decoded_by", decoder.name());
        });
        Optional<Integer> rate = call.parameters().find(Parameter.RESAMPLE_TO);
        if (rate.isEmpty()) {
            return;
        }
        Set<Input> audio = audio(endpoint, call);
        if (audio.isEmpty()) {
            throw badParameter("resample_to", "left out where no audio is sent", rate.get());
        }
        for (Input input : audio) {
            AudioSignal sound = inputs.audio(input, call.parameters());
            int own = sound.sampleRate();
            checkRate(own);
            if (own != rate.get() && sound.length() > 0) {
                checkDifferentiated(endpoint, call, input, own);
                checkDecoder(rate.get());
                inputs.resampled(input, own, decoder.resample(sound, rate.get(), memory, client, patience));
                putResampled(own, inputs.origin());
            }
        }
    }

    /**
     * A sound that flows, at the rate that is asked for. More channels than are resampled at once are held.
     *
     * @param decoded whether the sound is being decoded by a process of its own
     * @param origin where the sound came from, as a report says it; modified
     * @throws InvalidInputException for what the client has to change
     * @throws dev.phasor.compute.BusyException for what the client may try again
     */
    public <T> T flow(
            AudioReader sound,
            boolean decoded,
            Parameters parameters,
            MemoryBudget.Reservation memory,
            Patience patience,
            Map<String, Object> origin,
            Decoder.Use<T> use)
            throws IOException {
        int own = sound.sampleRate();
        Inputs.checkRate(parameters, own);
        int rate = parameters.get(Parameter.RESAMPLE_TO, own);
        if (parameters.has(Parameter.RESAMPLE_TO)) {
            checkRate(own);
        }
        if (own == rate || sound.frames() == 0) {
            return use.of(sound);
        }
        checkDecoder(rate);
        putResampled(own, origin);
        AudioReader finite = new FiniteReader(sound);
        if (!Decoder.flows(sound.channels())) {
            CodecLimits limits = limits(memory);
            AudioSignal whole = finite.readAll(limits);
            return use.of(new SignalReader(decoder.resample(whole, rate, limits, memory.client(), patience)));
        }
        memory.add(Decoder.flowingBytes(sound.channels()), "resampling");
        return decoded
                ? decoder.resampleDecoded(finite, rate, use)
                : decoder.resample(finite, rate, memory.client(), patience, use);
    }

    private CodecLimits limits(MemoryBudget.Reservation memory) {
        return new CodecLimits(
                mostDecoded, bytes -> memory.add(HeapRegions.bytes(bytes), "what the request body decodes to"));
    }

    /** A gradient has the samples of what was sent. */
    private static void checkDifferentiated(Endpoint endpoint, Call call, Input input, int own) {
        if (endpoint == Endpoint.RECONSTRUCT_VJP
                && Geometry.kind(endpoint, call) == Kind.AUDIO
                && input == call.inputs().placeOfAudio(call.parameters())) {
            throw badParameter(
                    "resample_to",
                    "left out, or the audio's " + own + " Hz, where the gradient is with respect to its samples:"
                            + " resample it before it is sent",
                    call.parameters().get(Parameter.RESAMPLE_TO, own));
        }
    }

    private static void checkRate(int own) {
        if (own == AudioSignal.UNKNOWN_RATE) {
            throw badParameter("sample_rate", "given to resample an array (resample_to)", "none");
        } else if (own < LEAST_RATE || own > LARGEST_RATE) {
            throw badParameter("the sample rate of what is resampled", "in " + LEAST_RATE + ".." + LARGEST_RATE, own);
        }
    }

    private void putResampled(int own, Map<String, Object> origin) {
        origin.putIfAbsent("source_sample_rate", own);
        origin.put("resampled_by", decoder.name());
    }

    private void checkDecoder(int rate) {
        String missing = decoder.missing();
        if (missing != null) {
            throw badParameter("resample_to", "left out here, since " + missing, rate);
        }
    }

    /** The inputs that are audio, those that the request is about first. */
    private static Set<Input> audio(Endpoint endpoint, Call call) {
        Inputs inputs = call.inputs();
        Set<Input> audio = EnumSet.noneOf(Input.class);
        if (Geometry.kind(endpoint, call) == Kind.AUDIO) {
            audio.add(inputs.placeOfAudio(call.parameters()));
        }
        for (Input input : inputs.given()) {
            if (inputs.isSound(input) || input == Input.REFERENCE || input == Input.TARGET) {
                audio.add(input);
            }
        }
        return audio;
    }
}
