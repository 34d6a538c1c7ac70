package dev.phasor.web.inference;

import dev.phasor.web.model.UnknownModelException;
import dev.phasor.web.refusal.ProblemCode;
import dev.phasor.web.refusal.ProblemWriter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.Order;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyAdvice;

/**
 * Writes problems of {@code /v2} in the protocol's format, {@code {"error": "..."}}, with the same status as in
 * {@code /v1}.
 */
@Order(0)
@RestControllerAdvice
class ProtocolErrors implements ResponseBodyAdvice<Object> {

    private final ProblemWriter problems;

    ProtocolErrors(ProblemWriter problems) {
        this.problems = problems;
    }

    @ExceptionHandler
    void unknownModel(UnknownModelException e, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        problems.write(request, response, ProblemCode.NOT_FOUND, String.valueOf(e.getMessage()));
    }

    @Override
    public boolean supports(MethodParameter returnType, Class<? extends HttpMessageConverter<?>> converter) {
        return true;
    }

    @Override
    public @Nullable Object beforeBodyWrite(
            @Nullable Object body,
            MethodParameter returnType,
            MediaType type,
            Class<? extends HttpMessageConverter<?>> converter,
            ServerHttpRequest request,
            ServerHttpResponse response) {
        String path = ((ServletServerHttpRequest) request).getServletRequest().getServletPath();
        if (!(body instanceof ProblemDetail problem) || !(path.equals("/v2") || path.startsWith("/v2/"))) {
            return body;
        }
        response.getHeaders().setContentType(MediaType.APPLICATION_JSON);
        return Map.of("error", String.valueOf(problem.getDetail()));
    }
}
