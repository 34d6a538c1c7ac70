package dev.phasor.web.audio;

import dev.phasor.operation.Endpoint;
import dev.phasor.reconstruction.Progress;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The operations of {@code /v1}. */
@RestController
@RequestMapping("/v1")
class AudioController {

    private final Exchange exchange;

    AudioController(Exchange exchange) {
        this.exchange = exchange;
    }

    @PostMapping("/stft")
    void stft(HttpServletRequest request, HttpServletResponse response) throws Exception {
        run(Endpoint.STFT, request, response);
    }

    @PostMapping("/mel")
    void mel(HttpServletRequest request, HttpServletResponse response) throws Exception {
        run(Endpoint.MEL, request, response);
    }

    @PostMapping("/mel/vjp")
    void melVjp(HttpServletRequest request, HttpServletResponse response) throws Exception {
        run(Endpoint.MEL_VJP, request, response);
    }

    @PostMapping("/istft")
    void istft(HttpServletRequest request, HttpServletResponse response) throws Exception {
        run(Endpoint.ISTFT, request, response);
    }

    @PostMapping("/phase")
    void phase(HttpServletRequest request, HttpServletResponse response) throws Exception {
        run(Endpoint.PHASE, request, response);
    }

    @PostMapping("/phase/vjp")
    void phaseVjp(HttpServletRequest request, HttpServletResponse response) throws Exception {
        run(Endpoint.PHASE_VJP, request, response);
    }

    @PostMapping("/reconstruct")
    void reconstruct(HttpServletRequest request, HttpServletResponse response) throws Exception {
        run(Endpoint.RECONSTRUCT, request, response);
    }

    @PostMapping("/phase/diagnose")
    void diagnose(HttpServletRequest request, HttpServletResponse response) throws Exception {
        run(Endpoint.PHASE_DIAGNOSE, request, response);
    }

    @PostMapping("/evaluate")
    void evaluate(HttpServletRequest request, HttpServletResponse response) throws Exception {
        run(Endpoint.EVALUATE, request, response);
    }

    @PostMapping("/reconstruct/vjp")
    void reconstructVjp(HttpServletRequest request, HttpServletResponse response) throws Exception {
        run(Endpoint.RECONSTRUCT_VJP, request, response);
    }

    @PostMapping("/separate")
    void separate(HttpServletRequest request, HttpServletResponse response) throws Exception {
        run(Endpoint.SEPARATE, request, response);
    }

    @PostMapping("/separate/vjp")
    void separateVjp(HttpServletRequest request, HttpServletResponse response) throws Exception {
        run(Endpoint.SEPARATE_VJP, request, response);
    }

    @PostMapping("/stretch")
    void stretch(HttpServletRequest request, HttpServletResponse response) throws Exception {
        run(Endpoint.STRETCH, request, response);
    }

    private void run(Endpoint endpoint, HttpServletRequest request, HttpServletResponse response) throws Exception {
        exchange.run(endpoint, Sent.by(request), Reply.to(response), Progress.NONE);
    }
}
