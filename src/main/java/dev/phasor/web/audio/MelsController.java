package dev.phasor.web.audio;

import dev.phasor.operation.Parameters;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Lists the presets of mels, each as the parameters that it stands for. */
@RestController
class MelsController {

    @GetMapping("/v1/mels")
    Map<String, Map<String, Map<String, Object>>> mels() {
        return Map.of("mels", Parameters.presets());
    }
}
