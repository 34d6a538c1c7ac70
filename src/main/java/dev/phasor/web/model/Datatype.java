package dev.phasor.web.model;

import static dev.phasor.signal.InvalidInputException.badParameter;

import dev.phasor.codec.NpyDtype;
import java.util.Arrays;

/** The element types that inputs may have; values are rounded to float32. */
public enum Datatype {
    FP16(NpyDtype.FLOAT16),
    BF16(NpyDtype.BFLOAT16),
    FP32(NpyDtype.FLOAT32),
    FP64(NpyDtype.FLOAT64);

    private final NpyDtype dtype;

    Datatype(NpyDtype dtype) {
        this.dtype = dtype;
    }

    /** The NPY type that reads its binary data. */
    public NpyDtype dtype() {
        return dtype;
    }

    /** The datatype of a name. Names are case-sensitive, like all strings of the protocol. */
    public static Datatype of(String name, String what) {
        for (Datatype datatype : values()) {
            if (datatype.name().equals(name)) {
                return datatype;
            }
        }
        throw badParameter(what, "one of " + Arrays.toString(values()), name);
    }
}
