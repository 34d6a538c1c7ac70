package dev.phasor.web.openapi;

import dev.phasor.operation.Maxima;
import dev.phasor.operation.Parameter;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.Schema;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The JSON Schemas of parameters, requests and responses. */
final class Schemas {

    private final Maxima maxima;

    Schemas(Maxima maxima) {
        this.maxima = maxima;
    }

    static Schema<Object> of(String type) {
        Schema<Object> schema = new JsonSchema();
        schema.typesItem(type);
        return schema;
    }

    /** An object with any fields. Some code generators read a bare object as one without fields. */
    static Schema<Object> fields() {
        Schema<Object> schema = of("object");
        schema.setAdditionalProperties(true);
        return schema;
    }

    static Schema<Object> reference(String name) {
        Schema<Object> schema = new JsonSchema();
        schema.set$ref("#/components/schemas/" + name);
        return schema;
    }

    static Schema<Object> bytes() {
        Schema<Object> schema = of("string");
        schema.setFormat("binary");
        return schema;
    }

    /**
     * The schema of a parameter with its range, default and example. A bound that a setting defines has the setting's
     * value.
     */
    Schema<Object> of(Parameter<?> parameter) {
        Schema<Object> schema = of(
                switch (parameter.type()) {
                    case INTEGER, LONG -> "integer";
                    case NUMBER -> "number";
                    case BOOLEAN -> "boolean";
                    case CHOICE -> "string";
                });
        schema.setFormat(
                switch (parameter.type()) {
                    case INTEGER -> "int32";
                    case LONG -> "int64";
                    case NUMBER -> "double";
                    case BOOLEAN, CHOICE -> null;
                });
        if (parameter.isAboveMin()) {
            schema.setExclusiveMinimumValue(decimal(parameter.min()));
        } else {
            schema.setMinimum(decimal(parameter.min()));
        }
        schema.setMaximum(decimal(maxima.of(parameter)));
        if (!parameter.choices().isEmpty()) {
            schema.setEnum(List.<Object>copyOf(parameter.choices()));
        }
        @Nullable String fallback = parameter.fallbackText();
        if (fallback != null) {
            schema.setDefault(value(parameter, fallback));
        }
        schema.setExamples(List.of(value(parameter, parameter.example())));
        return schema;
    }

    private static Object value(Parameter<?> parameter, String text) {
        return switch (parameter.type()) {
            case INTEGER, LONG -> Long.valueOf(text);
            case NUMBER -> new BigDecimal(text);
            case BOOLEAN -> Boolean.valueOf(text);
            case CHOICE -> text;
        };
    }

    /** The shortest digits of a float name a double that may lie beyond it: those of its double do not. */
    private static @Nullable BigDecimal decimal(@Nullable Number number) {
        if (number == null) {
            return null;
        }
        return number instanceof Float ? BigDecimal.valueOf(number.doubleValue()) : new BigDecimal(number.toString());
    }

    /** The unit and the meaning of a parameter in words. */
    static String description(Parameter<?> parameter) {
        boolean bare = parameter.unit().isEmpty() || parameter.meaning().startsWith(parameter.unit());
        return bare ? parameter.meaning() : "in " + parameter.unit() + ": " + parameter.meaning();
    }

    /** A nested list of numbers. */
    static Schema<Object> array() {
        Schema<Object> list = of("array");
        list.setItems(new JsonSchema());
        list.setDescription("nested lists of numbers, as deep as the value has axes");
        return list;
    }

    static Schema<Object> complex() {
        Schema<Object> schema = of("object");
        schema.addProperty("real", array());
        schema.addProperty("imag", array());
        schema.setRequired(List.of("real", "imag"));
        return schema;
    }

    static Schema<Object> problem(List<String> codes) {
        Schema<Object> schema = of("object");
        schema.setDescription("RFC 9457");
        Schema<Object> code = of("string");
        code.setEnum(List.<Object>copyOf(codes));
        schema.addProperty("title", of("string"));
        schema.addProperty("status", of("integer"));
        schema.addProperty("detail", of("string"));
        schema.addProperty("code", code);
        schema.addProperty("instance", of("string"));
        schema.addProperty("request_id", of("string"));
        schema.setRequired(List.of("status", "code"));
        return schema;
    }
}
