package dev.phasor.web.audio;

import dev.phasor.reconstruction.Algorithm;
import java.util.Arrays;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Lists the reconstruction algorithms. */
@RestController
class AlgorithmsController {

    @GetMapping("/v1/algorithms")
    Algorithms algorithms() {
        return new Algorithms(Arrays.stream(Algorithm.values())
                .map(algorithm -> new Entry(algorithm.wireName(), algorithm.iterative()))
                .toList());
    }

    record Algorithms(List<Entry> algorithms) {}

    /** @param iterative whether the algorithm uses n_iter */
    record Entry(String name, boolean iterative) {}
}
