package dev.phasor.web.audio;

import dev.phasor.phase.Candidate;
import dev.phasor.phase.KernelChoice;
import dev.phasor.reconstruction.Accelerator;
import dev.phasor.reconstruction.AcceleratorDevice;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Tells which phase kernel and which device run here, and why. */
@RestController
class BackendsController {

    private final Backends backends;

    BackendsController(KernelChoice choice, Accelerator accelerator) {
        this.backends = new Backends(
                choice.kernel().name(),
                choice.reason(),
                choice.candidates(),
                accelerator.devices(),
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
     * @param devices the devices beside the host, and why each is used or not
     * @param processors cores available to the process
     */
    record Backends(
            String kernel,
            String reason,
            List<Candidate> candidates,
            List<AcceleratorDevice> devices,
            int processors) {}
}
