package dev.phasor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class UnknownSettingsTest {

    @ConfigurationPropertiesScan
    static class Settings {}

    private final ApplicationContextRunner runner =
            new ApplicationContextRunner().withUserConfiguration(Settings.class).withBean(UnknownSettings.class);

    @ParameterizedTest
    @CsvSource({
        "phasor.limits.max-uplaod=1MB, phasor.limits.max-uplaod, phasor.limits.max-upload",
        "phasor.limit.max-upload=1MB, phasor.limit.max-upload, phasor.limits.max-upload",
        "phasor.security.key.ali=41, phasor.security.key.ali, phasor.security.keys",
        "phasor.warm-upp=true, phasor.warm-upp, phasor.warmup",
    })
    void aSettingThatDoesNotExistEndsTheStart(String pair, String name, String near) {
        runner.withPropertyValues(pair)
                .run(context -> assertThat(context.getStartupFailure())
                        .rootCause()
                        .isInstanceOf(InvalidConfigurationPropertyValueException.class)
                        .hasFieldOrPropertyWithValue("name", name)
                        .hasFieldOrPropertyWithValue("value", "(not shown)")
                        .extracting("reason")
                        .asString()
                        .contains("There is no such setting", near));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "phasor.limits.max-upload=1MB",
                "phasor.limits.maxUpload=1MB",
                "phasor.security.allowed-origins[0]=https://example.org",
                "phasor.warmup=0s",
                "server.phasor=1",
            })
    void aSettingThatExistsMayBeWrittenInEveryWay(String pair) {
        runner.withPropertyValues(pair)
                .run(context -> assertThat(context.getStartupFailure()).isNull());
    }

    /** A cluster sets PHASOR_PORT and its kind for a service of that name, and the clients read PHASOR_URL. */
    @ParameterizedTest
    @CsvSource({
        "PHASOR_LIMITS_MAX_UPLOAD, 1MB, true",
        "PHASOR_LIMITS_MAXUPLOAD, 1MB, true",
        "PHASOR_URL, http://example.org, true",
        "PHASOR_PORT_8080_TCP_ADDR, 10.0.0.1, true",
        "PHASOR_SERVICE_HOST, 10.0.0.1, true",
        "PHASOR_LIMITS_MAX_UPLAOD, 1MB, false",
        "PHASOR_SECURITY_KEY_ALI, 41, false",
    })
    void theEnvironmentHasOtherOwnersToo(String name, String value, boolean starts) {
        runner.withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .replace(
                                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                                new SystemEnvironmentPropertySource(
                                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                                        Map.of(name, value))))
                .run(context -> assertThat(context.getStartupFailure() == null).isEqualTo(starts));
    }
}
