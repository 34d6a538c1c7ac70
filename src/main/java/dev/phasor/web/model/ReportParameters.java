package dev.phasor.web.model;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.ObjectMapper;

/** A report as the protocol's parameters, which are scalars: any other value is the text of its JSON. */
public final class ReportParameters {

    private ReportParameters() {}

    /** Each value is a number, a boolean or a string, in the report's order. */
    public static Map<String, Object> of(Map<String, Object> report, ObjectMapper mapper) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        report.forEach((name, value) -> {
            boolean scalar = value instanceof Number || value instanceof Boolean || value instanceof String;
            parameters.put(name, scalar ? value : mapper.writeValueAsString(value));
        });
        return parameters;
    }
}
