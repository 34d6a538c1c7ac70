package dev.phasor.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.context.TestPropertySource;

/** A service that is told to have no page. */
@TestPropertySource(properties = "phasor.page.enabled=false")
class NoPageTest extends ServiceTest {

    @ParameterizedTest
    @ValueSource(strings = {"/", "/docs", "/page/main.js", "/page/swagger-ui.js"})
    void nothingIsThere(String path) {
        assertProblem(get(path), 404, "not_found");
        assertThat(get(path).headers().firstValue("Content-Security-Policy"))
                .hasValue("default-src 'none'; frame-ancestors 'none'");
    }
}
