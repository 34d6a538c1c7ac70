package dev.phasor.web.access;

import dev.phasor.web.page.PageSettings;
import dev.phasor.web.refusal.ProblemWriter;
import dev.phasor.web.refusal.RequestId;
import jakarta.servlet.DispatcherType;
import java.net.InetAddress;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.grpc.server.autoconfigure.GrpcServerProperties;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.authentication.AuthenticationEntryPointFailureHandler;
import org.springframework.security.web.authentication.AuthenticationFilter;
import org.springframework.security.web.firewall.StrictHttpFirewall;
import org.springframework.security.web.header.HeaderWriter;
import org.springframework.security.web.header.writers.ContentSecurityPolicyHeaderWriter;
import org.springframework.security.web.header.writers.DelegatingRequestMatcherHeaderWriter;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.NegatedRequestMatcher;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.UrlBasedCorsConfigurationSource;
import org.springframework.web.filter.CorsFilter;

/**
 * Wires the access control of both APIs: no session, no form, no cookie; a key is required if the settings have keys.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AccessSettings.class)
class AccessConfiguration {

    private static final Logger log = LoggerFactory.getLogger(AccessConfiguration.class);

    /**
     * @throws OpenToTheNetworkException if there is no key, the service is not bound to loopback, and
     *     {@code phasor.security.open} is false
     */
    @Bean
    ApiKeys apiKeys(AccessSettings settings, ServerProperties server, ObjectProvider<GrpcServerProperties> grpcServer) {
        ApiKeys keys = new ApiKeys(settings, Clock.systemUTC());
        @Nullable GrpcServerProperties grpc = grpcServer.getIfAvailable();
        if (keys.isEmpty() && !(isLoopback(server) && (grpc == null || isLoopback(grpc.getAddress())))) {
            @Nullable
            InetAddress address = isLoopback(server) && grpc != null ? grpc.getAddress() : server.getAddress();
            String bound = address == null ? "every address" : address.getHostAddress();
            if (!settings.open()) {
                throw new OpenToTheNetworkException(
                        "The service is bound to " + bound + " and has no key: anyone who reaches it could use it.");
            }
            log.warn("open to anyone who reaches {}: there is no key, and phasor.security.open=true", bound);
        }
        return keys;
    }

    @Bean
    SecurityFilterChain gate(
            HttpSecurity http,
            ApiKeys keys,
            AccessSettings settings,
            PageSettings page,
            ServerProperties server,
            ProblemWriter problems) {
        Unauthorized unauthorized = new Unauthorized(problems);
        RequestMatcher ofPage = page.enabled() ? ofPage() : request -> false;
        http.csrf(AbstractHttpConfigurer::disable)
                .formLogin(AbstractHttpConfigurer::disable)
                .httpBasic(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .headers(headers -> headers.referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.NO_REFERRER))
                        .addHeaderWriter(policy(ofPage, PageSettings.CONTENT_SECURITY_POLICY))
                        .addHeaderWriter(policy(not(ofPage), "default-src 'none'; frame-ancestors 'none'"))
                        .frameOptions(HeadersConfigurer.FrameOptionsConfig::deny))
                .exceptionHandling(refused -> refused.authenticationEntryPoint(unauthorized));
        if (settings.allowedOrigins().isEmpty()) {
            http.cors(AbstractHttpConfigurer::disable);
        } else {
            http.cors(cors -> cors.configurationSource(origins(settings.allowedOrigins())));
        }
        if (keys.isEmpty() && isLoopback(server)) {
            http.addFilterBefore(new ForeignPageFilter(settings, problems), CorsFilter.class);
        }
        if (keys.isEmpty()) {
            http.authorizeHttpRequests(requests -> requests.anyRequest().permitAll());
        } else {
            http.authorizeHttpRequests(
                    requests -> requests.dispatcherTypeMatchers(DispatcherType.ERROR, DispatcherType.ASYNC)
                            .permitAll()
                            .requestMatchers(EndpointRequest.to("health", "info", "metrics", "prometheus"))
                            .permitAll()
                            .requestMatchers("/livez", "/readyz", "/v2/health/*")
                            .permitAll()
                            .requestMatchers(ofPage)
                            .permitAll()
                            .anyRequest()
                            .authenticated());
            http.addFilterBefore(byKey(keys, unauthorized), AuthorizationFilter.class)
                    .addFilterAfter(new QuotaFilter(problems), AuthorizationFilter.class);
        }
        return http.build();
    }

    private static RequestMatcher ofPage() {
        PathPatternRequestMatcher.Builder path = PathPatternRequestMatcher.withDefaults();
        return new OrRequestMatcher(Arrays.stream(PageSettings.paths())
                .flatMap(pattern -> Stream.of(HttpMethod.GET, HttpMethod.HEAD)
                        .<RequestMatcher>map(method -> path.matcher(method, pattern)))
                .toList());
    }

    private static HeaderWriter policy(RequestMatcher requests, String directives) {
        return new DelegatingRequestMatcherHeaderWriter(requests, new ContentSecurityPolicyHeaderWriter(directives));
    }

    private static RequestMatcher not(RequestMatcher requests) {
        return new NegatedRequestMatcher(requests);
    }

    private static boolean isLoopback(ServerProperties server) {
        return isLoopback(server.getAddress());
    }

    private static boolean isLoopback(@Nullable InetAddress address) {
        return address != null && address.isLoopbackAddress();
    }

    /**
     * Allows header values, such as keys, in any encoding. Only ASCII control characters other than tab are refused.
     */
    @Bean
    StrictHttpFirewall firewall() {
        StrictHttpFirewall firewall = new StrictHttpFirewall();
        firewall.setAllowedHeaderValues(
                value -> value.chars().allMatch(letter -> letter == '\t' || (letter >= ' ' && letter != 0x7f)));
        return firewall;
    }

    private static AuthenticationFilter byKey(ApiKeys keys, Unauthorized unauthorized) {
        AuthenticationFilter filter = new AuthenticationFilter(keys, new PresentedKey());
        filter.setSuccessHandler((request, response, caller) -> {});
        filter.setFailureHandler(new AuthenticationEntryPointFailureHandler(unauthorized));
        return filter;
    }

    private static UrlBasedCorsConfigurationSource origins(List<String> allowed) {
        CorsConfiguration cors = new CorsConfiguration();
        cors.setAllowedOrigins(allowed);
        cors.setAllowedMethods(List.of("GET", "POST", "DELETE"));
        cors.setAllowedHeaders(List.of(CorsConfiguration.ALL));
        cors.setExposedHeaders(List.of(
                "Phasor-Report",
                "Inference-Header-Content-Length",
                RequestId.HEADER,
                HttpHeaders.CONTENT_DISPOSITION,
                HttpHeaders.LOCATION,
                HttpHeaders.RETRY_AFTER));
        UrlBasedCorsConfigurationSource everywhere = new UrlBasedCorsConfigurationSource();
        everywhere.registerCorsConfiguration("/**", cors);
        return everywhere;
    }
}
