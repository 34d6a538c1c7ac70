package dev.phasor.web.inference;

import static dev.phasor.signal.InvalidInputException.badParameter;

import dev.phasor.codec.NpyDtype;
import java.util.Arrays;

/** The element types that inputs may have; values are rounded to float32. */
enum Datatype {
    FP16(NpyDtype.FLOAT16),
    FP32(NpyDtype.FLOAT32),
    FP64(NpyDtype.FLOAT64);

    private final NpyDtype dtype;

    Datatype(NpyDtype dtype) {
        this.dtype = dtype;
    }

    /** How its binary data is read. */
    NpyDtype dtype() {
        return dtype;
    }

    /** Names are case-sensitive, as all strings of the protocol are. */
    static Datatype of(String name, String what) {
        for (Datatype datatype : values()) {
            if (datatype.name().equals(name)) {
                return datatype;
            }
        }
        throw badParameter(what, "one of " + Arrays.toString(values()), name);
    }
}
