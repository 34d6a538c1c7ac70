package dev.phasor.web;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.io.IOException;
import java.lang.reflect.Parameter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.unit.DataSize;

/** docs/configuration.md says what the code says: every setting, its default and its range. */
class SettingsTableTest {

    private static final Path PAGE = Path.of("docs", "configuration.md");

    @Test
    void everySettingOfOursStandsThereWithItsDefaultAndRange() throws Exception {
        Map<String, List<String>> table = rows("## Phasor's own");
        Map<String, Parameter> settings = settings();

        assertThat(table.keySet()).containsExactlyInAnyOrderElementsOf(settings.keySet());
        settings.forEach((name, parameter) -> {
            List<String> cells = requireNonNull(table.get(name));
            assertThat(cells.get(1)).as("default of " + name).isEqualTo(defaultOf(parameter));
            String range = rangeOf(parameter);
            if (!range.isEmpty()) {
                assertThat(cells.get(2)).as("range of " + name).isEqualTo(range);
            }
        });
    }

    @Test
    void everySettingOfTheFrameworksThatTheServiceMakesStandsThereWithItsValue() throws IOException {
        Map<String, String> made = new TreeMap<>();
        for (var source :
                new YamlPropertySourceLoader().load("application", new ClassPathResource("application.yaml"))) {
            for (String name : ((EnumerablePropertySource<?>) source).getPropertyNames()) {
                if (!name.startsWith("phasor.")) {
                    made.put(name, String.valueOf(source.getProperty(name)).strip());
                }
            }
        }
        Map<String, String> told = new TreeMap<>();
        rows("## Spring Boot's").forEach((name, cells) -> told.put(name, bare(cells.get(1))));

        assertThat(told).isEqualTo(made);
    }

    /** Each component of each record of settings, by its full name. */
    private static Map<String, Parameter> settings() throws ClassNotFoundException {
        var scanner = new ClassPathScanningCandidateComponentProvider(false);
        scanner.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
        Map<String, Parameter> settings = new TreeMap<>();
        for (var found : scanner.findCandidateComponents("dev.phasor")) {
            Class<?> record = Class.forName(found.getBeanClassName());
            String prefix = record.getAnnotation(ConfigurationProperties.class).value();
            for (Parameter parameter : record.getDeclaredConstructors()[0].getParameters()) {
                String name = parameter.getName().replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT);
                boolean map = Map.class.isAssignableFrom(parameter.getType());
                settings.put(prefix + "." + name + (map ? ".NAME" : ""), parameter);
            }
        }
        return settings;
    }

    private static String defaultOf(Parameter parameter) {
        DefaultValue value = parameter.getAnnotation(DefaultValue.class);
        return value == null || String.join("", value.value()).isEmpty()
                ? "none"
                : "`" + String.join(",", value.value()) + "`";
    }

    /** What annotations and types say; empty where they say nothing. */
    private static String rangeOf(Parameter parameter) {
        Min min = parameter.getAnnotation(Min.class);
        Max max = parameter.getAnnotation(Max.class);
        Pattern pattern = parameter.getAnnotation(Pattern.class);
        if (min != null) {
            return max == null ? "≥ " + min.value() : min.value() + ".." + max.value();
        } else if (pattern != null) {
            return Arrays.stream(pattern.regexp().split("\\|"))
                    .map(each -> "`" + each + "`")
                    .collect(Collectors.joining(", "));
        } else if (parameter.getType() == boolean.class) {
            return "`true`, `false`";
        }
        return parameter.getType() == DataSize.class ? "a size, as `64MB`" : "";
    }

    /** The cells of each row of the table under a heading, by the name in the first. */
    private static Map<String, List<String>> rows(String heading) throws IOException {
        String page = Files.readString(PAGE);
        assertThat(page).contains(heading);
        String section =
                page.substring(page.indexOf(heading) + heading.length()).split("\n## ")[0];
        Map<String, List<String>> rows = new LinkedHashMap<>();
        section.lines().filter(line -> line.startsWith("| `")).forEach(line -> {
            List<String> cells = Arrays.stream(line.substring(1).split("\\|"))
                    .map(String::strip)
                    .toList();
            assertThat(cells).as(line).hasSize(4);
            rows.put(bare(cells.get(0)), cells);
        });
        return rows;
    }

    private static String bare(String cell) {
        return cell.replace("`", "");
    }
}
