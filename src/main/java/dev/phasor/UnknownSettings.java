package dev.phasor;

import static java.util.Objects.requireNonNull;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.stereotype.Component;

/**
 * Refuses to start with a {@code phasor.*} setting that does not exist: after a typing error a limit would silently
 * have its default. Variables of the environment and properties of the system have other owners too ({@code PHASOR_URL}
 * is the clients', {@code PHASOR_PORT} a cluster's): there a name counts only if it begins like a group of settings.
 */
@Component
final class UnknownSettings {

    private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("phasor");

    private static final Set<String> SHARED = Set.of(
            StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
            StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME);

    /** The settings of each group, whose name is written without dots and dashes. */
    private final Map<String, Set<String>> groups = new TreeMap<>();

    /** Names that anything may follow. */
    private final Set<String> open = new TreeSet<>();

    /** @throws InvalidConfigurationPropertyValueException for the first that does not exist */
    UnknownSettings(ListableBeanFactory beans, Environment environment) {
        for (String bean : beans.getBeanNamesForAnnotation(ConfigurationProperties.class)) {
            Class<?> type = requireNonNull(beans.getType(bean));
            if (type.isRecord()) {
                add(
                        requireNonNull(beans.findAnnotationOnBean(bean, ConfigurationProperties.class))
                                .value(),
                        type);
            }
        }
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            if (source instanceof IterableConfigurationPropertySource names) {
                boolean shared = source.getUnderlyingSource() instanceof PropertySource<?> underlying
                        && SHARED.contains(underlying.getName());
                names.stream().filter(ROOT::isAncestorOf).forEach(name -> check(name, shared));
            }
        }
    }

    private void add(String prefix, Class<?> settings) {
        for (RecordComponent component : settings.getRecordComponents()) {
            String name = prefix + "."
                    + component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
            groups.computeIfAbsent(plain(prefix), group -> new TreeSet<>()).add(name);
            if (Map.class.isAssignableFrom(component.getType())) {
                open.add(plain(name));
            }
        }
    }

    private void check(ConfigurationPropertyName name, boolean shared) {
        // In the environment limits.max-upload is LIMITS_MAX_UPLOAD or LIMITS_MAXUPLOAD; lists end in [0].
        String plain = plain(name.toString().replaceAll("\\[.*", ""));
        boolean exists = groups.values().stream()
                        .flatMap(Set::stream)
                        .anyMatch(each -> plain(each).equals(plain))
                || open.stream().anyMatch(each -> plain.startsWith(each) && plain.length() > each.length());
        if (exists) {
            return;
        }
        @Nullable
        String group = groups.keySet().stream()
                .filter(each -> !each.equals(plain(ROOT.toString())) && plain.startsWith(each))
                .max((a, b) -> Integer.compare(a.length(), b.length()))
                .orElse(null);
        if (group == null && shared) {
            return;
        }
        throw new InvalidConfigurationPropertyValueException(
                name.toString(),
                "(not shown)",
                "There is no such setting. There are "
                        + (group == null
                                        ? groups.values().stream().flatMap(Set::stream)
                                        : groups.getOrDefault(group, Set.of()).stream())
                                .collect(Collectors.joining(", "))
                        + ".");
    }

    private static String plain(String name) {
        return Arrays.stream(name.split("[^A-Za-z0-9]"))
                .collect(Collectors.joining())
                .toLowerCase(Locale.ROOT);
    }
}
