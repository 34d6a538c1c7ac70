package dev.phasor.web.audio;

import dev.phasor.phase.Candidate;
import dev.phasor.phase.KernelChoice;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Tells which phase kernel runs here, and why. */
@RestController
class BackendsController {

    private final Backends backends;

    BackendsController(KernelChoice choice) {
        this.backends = new Backends(
                choice.kernel().name(),
                choice.reason(),
                choice.candidates(),
                Runtime.getRuntime().availableProcessors());
    }

    @GetMapping("/v1/backends")
    Backends backends() {
        return backends;
    }

    /**
     * @param kernel the phase kernel that runs
     * @param reason why it was chosen
     * @param candidates all phase kernels, and why each can or cannot run here
     * @param processors cores available to the process
     */
    record Backends(String kernel, String reason, List<Candidate> candidates, int processors) {}
}
