/** What an operator sees: the name and the line of each request, and the meters. */
@NullMarked
package dev.phasor.web.telemetry;

import org.jspecify.annotations.NullMarked;
