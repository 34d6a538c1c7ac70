package dev.phasor.operation;

import dev.phasor.codec.SpectrogramLayout;
import dev.phasor.phase.PhaseKernel;
import dev.phasor.reconstruction.AcceleratedMap;
import dev.phasor.reconstruction.Accelerator;
import dev.phasor.reconstruction.AcceleratorFailure;
import dev.phasor.signal.AudioSignal;
import dev.phasor.stft.Fade;
import dev.phasor.stft.Framing;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the service says about an answer beside the answer, in the order said. */
final class Report {

    private final long start = System.nanoTime();
    private final Map<String, Object> entries = new LinkedHashMap<>();
    private final Set<String> backends = new LinkedHashSet<>();
    private final List<String> warnings = new ArrayList<>();

    Report put(String name, Object value) {
        entries.put(name, value);
        return this;
    }

    /**
     * @param from what n_fft was taken from: {@code n_fft}, the {@code bins}, an {@code npz}, a {@code mel} preset or
     *     the {@code default}
     */
    Report transform(Stft stft, String from) {
        StftParameters transform = stft.parameters();
        backends.add(stft.kernel().name(transform.fftSize()));
        put("n_fft", transform.fftSize());
        put("n_fft_from", from);
        put("hop_length", transform.hopLength());
        put("win_length", transform.windowLength());
        put("window", transform.window().kind().wireName());
        transform.window().describe(transform.windowLength()).ifPresent(shape -> put(shape.getKey(), shape.getValue()));
        put("center", transform.framing() == Framing.CENTER);
        put("framing", transform.framing().wireName());
        put("pad_mode", transform.padMode().wireName());
        return this;
    }

    /** How complex values are answered, where they are not complex numbers. */
    Report layout(SpectrogramLayout layout) {
        return layout == SpectrogramLayout.COMPLEX ? this : put(Parameter.LAYOUT.wireName(), Parameters.wire(layout));
    }

    /** What a mel's values are. */
    Report mel(MelSetup setup, Parameters parameters) {
        parameters.find(Parameter.MEL).ifPresent(preset -> put("mel", preset));
        setup.warn(this);
        for (Parameter<?> parameter : Endpoint.melParameters()) {
            if (parameters.isSent(parameter) || parameters.isDescribed(parameter)) {
                parameters.find(parameter).ifPresent(value -> put(parameter.wireName(), Parameters.wire(value)));
            }
        }
        return put("n_mels", setup.mels())
                .put("power", setup.value().power())
                .put("log", Parameters.wire(setup.value().log()));
    }

    /** The audio that came in or is answered. */
    Report audio(int sampleRate, long length) {
        if (sampleRate != AudioSignal.UNKNOWN_RATE) {
            Plausibility.rate(sampleRate, this);
            put("sample_rate", sampleRate);
        }
        return put("length", length);
    }

    /** The samples at the ends that fade. */
    Report fade(Fade fade) {
        Plausibility.fade(fade, this);
        return this;
    }

    /** The largest sample that is answered, without its sign. */
    Report peak(float peak) {
        Plausibility.peak(peak, this);
        return put("peak", peak);
    }

    /** {@link #compute(AcceleratedMap, Accelerator, String)} of a map by a transform that was told before. */
    void compute(AcceleratedMap map, Accelerator accelerator, Stft stft) {
        compute(map, accelerator, stft.kernel().name(stft.parameters().fftSize()));
    }

    /** Names what computed the answer, beside its transform. */
    Report computedBy(PhaseKernel kernel) {
        backends.add(kernel.name());
        return this;
    }

    /**
     * What iterated, where there is a device.
     *
     * @param name of the device that did; null for the host
     * @param onHost why the host did; null where there is no device
     */
    Report device(@Nullable String name, @Nullable String onHost) {
        if (name != null) {
            put("device", name);
        }
        if (onHost != null) {
            put("device_reason", onHost);
        }
        return this;
    }

    /**
     * Computes a map on the device, or what it does not take or fails at on the host, and says which did.
     *
     * @param host the name of the host's kernel
     */
    void compute(AcceleratedMap map, Accelerator accelerator, String host) {
        Optional<String> onHost = accelerator.refusal(map);
        if (onHost.isEmpty()) {
            try {
                accelerator.compute(map);
                backends.remove(host);
                backends.add("opencl");
                device(accelerator.name(), null);
                return;
            } catch (AcceleratorFailure e) {
                warn(e.warning(accelerator.name()));
                onHost = Optional.of("the device failed");
            }
        }
        map.onHost();
        backends.add(host);
        device(null, accelerator.exists() ? onHost.get() : null);
    }

    void warn(String warning) {
        warnings.add(warning);
    }

    /** Everything said, what computed it, the warnings and the milliseconds since this report was begun. */
    Map<String, Object> finish() {
        if (!backends.isEmpty()) {
            entries.put("backend", String.join("+", backends));
        }
        if (!warnings.isEmpty()) {
            entries.put("warnings", List.copyOf(warnings));
        }
        entries.put("milliseconds", Math.round((System.nanoTime() - start) / 1e3) / 1e3);
        return entries;
    }
}
