package dev.phasor.web.guard.load;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** The wiring of what keeps the load in bounds. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LoadLimits.class)
class LoadConfiguration {

    @Bean
    ComputePool computePool(LoadLimits limits) {
        return new ComputePool(limits);
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> connections() {
        return factory -> factory.addEngineValves(new ConnectionValve());
    }

    @Bean
    WebMvcConfigurer room(ComputePool pool, LoadLimits limits) {
        return new WebMvcConfigurer() {
            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                registry.addInterceptor(new RoomInterceptor(pool, limits)).addPathPatterns("/v1/**", "/v2/**");
            }
        };
    }
}
