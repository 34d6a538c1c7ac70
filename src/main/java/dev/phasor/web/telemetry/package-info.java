/** Telemetry for operators: request ids, the request log and the meters. */
@NullMarked
package dev.phasor.web.telemetry;

import org.jspecify.annotations.NullMarked;
