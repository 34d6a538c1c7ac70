package dev.phasor.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.phasor.web.GrpcClient.Sent;
import inference.ModelInferRequest;
import inference.ModelInferResponse;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/** How long the best is looked for. */
@TestPropertySource(properties = {"phasor.limits.max-iterations=1000000000", "phasor.compute.timeout=2"})
class GrpcPatienceTest extends GrpcServiceTest {

    private static final ModelInferRequest BEST = GrpcClient.raw(
                    "reconstruct",
                    Map.of("magnitude", Sent.of(magnitudes(33 * 40, 1), 1, 33, 40)),
                    Map.of("hop_length", 16, "algorithm", "griffinlim", "n_iter", 1_000_000_000, "on_timeout", "best"))
            .build();

    /** As over HTTP, where what follows the iterations may take as long again. */
    @Test
    void withoutADeadlineItIteratesForTheWholeTimeout() {
        ModelInferResponse answer = client.stub().modelInfer(BEST);

        assertThat(answer.getParametersOrThrow("cancelled").getBoolParam()).isTrue();
        assertThat(answer.getParametersOrThrow("milliseconds").getDoubleParam()).isGreaterThan(1900);
    }

    /** A deadline includes what follows. */
    @Test
    void withADeadlineItIteratesForHalfOfIt() {
        ModelInferResponse answer =
                client.stub().withDeadlineAfter(3, TimeUnit.SECONDS).modelInfer(BEST);

        assertThat(answer.getParametersOrThrow("cancelled").getBoolParam()).isTrue();
    }
}
