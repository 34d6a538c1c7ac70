/** The operations that the service offers, one a file: decoded values in, values and a report out. Both faces call them. */
@NullMarked
package dev.phasor.web.operation;

import org.jspecify.annotations.NullMarked;
