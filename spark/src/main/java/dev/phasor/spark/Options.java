package dev.phasor.spark;

import dev.phasor.compute.ComputeSettings;
import dev.phasor.operation.Endpoint;
import dev.phasor.operation.Input;
import dev.phasor.operation.Parameters;
import dev.phasor.signal.InvalidInputException;
import java.io.Serializable;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is asked for on the command line.
 *
 * @param endpoint computes the answers
 * @param input folder of the recordings
 * @param output folder of the answers and the manifest
 * @param parameters of the operation, as the service's query has them
 * @param reference folder of what each recording is compared with, under the same name; null for none
 * @param as the input that the files of {@code reference} are
 * @param round files of a round: what a round has done stays done when the program ends
 * @param retryErrors whether files whose row is an error are done again
 */
record Options(
        Endpoint endpoint,
        String input,
        String output,
        TreeMap<String, String> parameters,
        @Nullable String reference,
        Input as,
        int round,
        boolean retryErrors)
        implements Serializable {

    private static final List<String> OPERATIONS =
            Arrays.stream(Endpoint.values()).map(Options::name).toList();

    static final String USAGE = """
            usage: --operation OPERATION --input FOLDER --output FOLDER
                   [--parameters NAME=VALUE,…]   the operation's, as in docs/api.md
                   [--reference FOLDER]          evaluate: what each file is compared with, under the same name
                   [--as reference|magnitude|mel]  what those files are; reference
                   [--round FILES]               files after which their rows are written; 10000
                   [--retry-errors]              does again what has a row with an error
            operations:
                   """ + String.join(" ", OPERATIONS);

    private static final int ROUND = 10_000;

    private static final Set<String> KNOWN =
            Set.of("operation", "input", "output", "parameters", "reference", "as", "round");

    /** What the user has to change. */
    static final class UsageException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        UsageException(String message) {
            super(message);
        }
    }

    /** @throws UsageException for what cannot be understood, before anything is read */
    static Options parse(String... arguments) {
        Map<String, String> given = new LinkedHashMap<>();
        boolean retryErrors = false;
        for (int i = 0; i < arguments.length; i++) {
            String option = arguments[i].startsWith("--") ? arguments[i].substring(2) : "";
            int equals = option.indexOf('=');
            String name = equals < 0 ? option : option.substring(0, equals);
            if (name.equals("retry-errors")) {
                retryErrors = true;
            } else if (!KNOWN.contains(name)) {
                throw new UsageException("an option must be one of those below, got " + arguments[i]);
            } else if (equals >= 0) {
                given.put(name, option.substring(equals + 1));
            } else if (i + 1 == arguments.length) {
                throw new UsageException("--" + name + " must have a value, got none");
            } else {
                given.put(name, arguments[++i]);
            }
        }
        Endpoint endpoint = endpoint(needed(given, "operation"));
        return new Options(
                endpoint,
                needed(given, "input"),
                needed(given, "output"),
                parameters(endpoint, given.getOrDefault("parameters", "")),
                given.get("reference"),
                as(endpoint, given),
                round(given.get("round")),
                retryErrors);
    }

    /** The operation's parameters in one line, sorted: what a manifest is of. */
    String told() {
        return parameters.entrySet().stream()
                .map(each -> each.getKey() + "=" + each.getValue())
                .collect(Collectors.joining(","));
    }

    private static String needed(Map<String, String> given, String name) {
        String value = given.get(name);
        if (value == null) {
            throw new UsageException("--" + name + " must be given");
        }
        return value;
    }

    private static Endpoint endpoint(String name) {
        String wire = name.equals("diagnose") ? "phase_diagnose" : name;
        return Arrays.stream(Endpoint.values())
                .filter(endpoint -> endpoint.wireName().equals(wire))
                .findFirst()
                .orElseThrow(() -> new UsageException("--operation must be one of " + OPERATIONS + ", got " + name));
    }

    private static String name(Endpoint endpoint) {
        return endpoint == Endpoint.PHASE_DIAGNOSE ? "diagnose" : endpoint.wireName();
    }

    private static Input as(Endpoint endpoint, Map<String, String> given) {
        String name = given.getOrDefault("as", "reference");
        Input as = Input.find(name)
                .filter(List.of(Input.REFERENCE, Input.MAGNITUDE, Input.MEL)::contains)
                .orElseThrow(() -> new UsageException("--as must be reference, magnitude or mel, got " + name));
        if (given.containsKey("reference") && endpoint != Endpoint.EVALUATE) {
            throw new UsageException("--reference must be left out of " + endpoint.wireName() + ": evaluate has it");
        }
        return as;
    }

    private static int round(@Nullable String value) {
        try {
            int round = value == null ? ROUND : Integer.parseInt(value);
            if (round >= 1) {
                return round;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new UsageException("--round must be a number of files, 1 or more, got " + value);
    }

    /** Checked here, so that a typing error is not an error of each file. */
    static TreeMap<String, String> parameters(Endpoint endpoint, String told) {
        TreeMap<String, String> parameters = new TreeMap<>();
        for (String each : told.split(",")) {
            int equals = each.indexOf('=');
            if (each.isBlank()) {
                continue;
            }
            if (equals < 1) {
                throw new UsageException("--parameters must be NAME=VALUE,NAME=VALUE,…, got " + each);
            }
            String name = each.substring(0, equals).strip();
            if (parameters.put(name, each.substring(equals + 1).strip()) != null) {
                throw new UsageException("--parameters must have " + name + " once, got it twice");
            }
        }
        try {
            Parameters.check(endpoint, parameters, Engine.maxima(new ComputeSettings(1, 1, 0, 1, 1, 1, 1, 1)));
        } catch (InvalidInputException e) {
            throw new UsageException("--parameters: " + e.getMessage());
        }
        return parameters;
    }
}
