package dev.phasor.web.audio;

import dev.phasor.fuzz.Bounded;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/** JSON bodies. */
public final class JsonTarget {

    private static final ObjectMapper MAPPER = JsonMapper.shared();

    private JsonTarget() {}

    public static void fuzzerTestOneInput(byte[] bytes) {
        Bounded.read(bytes, in -> JsonBody.read(in, MAPPER));
    }
}
