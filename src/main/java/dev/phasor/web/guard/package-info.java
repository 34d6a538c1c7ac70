/** What every request passes: limits, the memory budget, and the problems that a client is told. */
@NullMarked
package dev.phasor.web.guard;

import org.jspecify.annotations.NullMarked;
