package dev.phasor.web.guard.load;

/** What kind of work a request is, so that the small need not wait for the large. */
public enum Lane {
    SMALL,
    LARGE
}
