package dev.phasor.web.job;

import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import org.jspecify.annotations.Nullable;

/** Who sees a job: all who come with the same key. Without keys its id, which nobody guesses, is all that it takes. */
final class Owner {

    private static final String ANYONE = "-";

    private Owner() {}

    static String of(HttpServletRequest request) {
        @Nullable Principal key = request.getUserPrincipal();
        return key == null ? ANYONE : "key " + key.getName();
    }

    /** Whether jobs are listed for an owner: not where anyone could be asking. */
    static boolean isKnown(String owner) {
        return !owner.equals(ANYONE);
    }
}
