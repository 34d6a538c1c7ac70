package dev.phasor.device;

import java.util.HashMap;
import java.util.Map;

/** The compiled programs of a device, each compiled when it is first needed, and kept. */
final class Programs {

    private final Binding binding;
    private final Map<String, Long> built = new HashMap<>();

    Programs(Binding binding) {
        this.binding = binding;
    }

    long frames(int fftSize) {
        return of(KernelText.frames(), KernelText.frameOptions(fftSize));
    }

    long pairs(int slots) {
        return of(KernelText.pairs(), KernelText.pairsOptions(slots));
    }

    long phase() {
        return of(KernelText.phase(), KernelText.phaseOptions());
    }

    private synchronized long of(String text, String options) {
        Long program = built.get(options);
        if (program == null) {
            program = binding.build(text, options);
            built.put(options, program);
        }
        return program;
    }
}
