package dev.phasor.web.page;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.Properties;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpRange;
import org.springframework.http.HttpStatus;
import org.springframework.web.servlet.function.EntityResponse;
import org.springframework.web.servlet.function.HandlerFunction;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.RouterFunctions.Builder;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/** Serves the page at {@code /} and Swagger UI at {@code /docs}, and no file that is not named here. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(PageSettings.class)
class PageConfiguration {

    private static final String FILES = "static/page/";

    @Bean
    @ConditionalOnBooleanProperty(name = "phasor.page.enabled", matchIfMissing = true)
    RouterFunction<ServerResponse> page() {
        Builder route = RouterFunctions.route();
        file(route, "/", FILES + "index.html");
        file(route, "/docs", FILES + "docs.html");
        route.GET(
                "/docs/",
                request ->
                        ServerResponse.permanentRedirect(URI.create("../docs")).build());
        String swagger = "META-INF/resources/webjars/swagger-ui/" + swaggerVersion() + "/";
        file(route, "/page/swagger-ui.css", swagger + "swagger-ui.css");
        file(route, "/page/swagger-ui.js", swagger + "swagger-ui-bundle.js");
        // A browser asks each time whether a file has changed: a new version of the service is seen at once.
        route.resources(
                "/page/**",
                new ClassPathResource(FILES),
                (file, headers) -> headers.setCacheControl(CacheControl.noCache()));
        route.filter(PageConfiguration::inRange);
        return route.build();
    }

    /** Without it what is asked for beyond a file's end would be answered 416 with the whole file. */
    private static ServerResponse inRange(ServerRequest request, HandlerFunction<ServerResponse> next)
            throws Exception {
        ServerResponse response = next.handle(request);
        if (response instanceof EntityResponse<?> found && found.entity() instanceof Resource file) {
            try {
                HttpRange.toResourceRegions(request.headers().range(), file);
            } catch (IllegalArgumentException e) {
                return ServerResponse.status(HttpStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
                        .header(HttpHeaders.CONTENT_RANGE, "bytes */" + file.contentLength())
                        .build();
            }
        }
        return response;
    }

    private static void file(Builder route, String path, String file) {
        route.resource(
                request -> request.path().equals(path),
                new ClassPathResource(file),
                (found, headers) -> headers.setCacheControl(CacheControl.noCache()));
    }

    /** The version of the WebJar, which is part of its paths. */
    private static String swaggerVersion() {
        Properties properties = new Properties();
        try (InputStream file = requireNonNull(
                PageConfiguration.class.getResourceAsStream("/META-INF/maven/org.webjars/swagger-ui/pom.properties"))) {
            properties.load(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return requireNonNull(properties.getProperty("version"));
    }
}
