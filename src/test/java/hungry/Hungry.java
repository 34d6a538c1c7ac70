package hungry;

import dev.phasor.compute.ComputePool;
import dev.phasor.compute.Patience;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Takes all memory there is. Outside the service's package, so that only a process that names it has it. */
@RestController
public class Hungry {

    private final ComputePool pool;

    Hungry(ComputePool pool) {
        this.pool = pool;
    }

    @PostMapping("/hungry")
    String eat(@RequestParam String where) {
        switch (where) {
            case "pool" -> pool.run("somebody", 1, new Patience(() -> false, Duration.ofMinutes(5)), Hungry::eat);
            case "thread" -> new Thread(Hungry::eat).start();
            default -> throw new IllegalArgumentException(where);
        }
        return "";
    }

    private static int eat() {
        List<byte[]> all = new ArrayList<>();
        while (all.size() < Integer.MAX_VALUE) {
            all.add(new byte[1 << 16]);
        }
        return all.size();
    }
}
