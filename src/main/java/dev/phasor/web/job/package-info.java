/** Long work: {@code Prefer: respond-async} at {@code /v1}, and {@code /v1/jobs}. */
@NullMarked
package dev.phasor.web.job;

import org.jspecify.annotations.NullMarked;
