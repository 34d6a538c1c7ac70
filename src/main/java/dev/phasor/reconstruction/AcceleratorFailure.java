package dev.phasor.reconstruction;

/** An {@link Accelerator} failed: it is out of memory, lost, or its driver reports an error. */
public final class AcceleratorFailure extends RuntimeException {

    private static final long serialVersionUID = 1;

    public AcceleratorFailure(String message) {
        super(message);
    }

    /** The warning of an answer that the host computed instead. */
    public String warning(String device) {
        return "device_failed: " + device + ": " + getMessage()
                + "; the host computed this, and the device is tried again later";
    }
}
