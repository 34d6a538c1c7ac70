/** The safe phase: atan2, never perturbed, and its pullback, always finite. */
@NullMarked
package dev.phasor.phase;

import org.jspecify.annotations.NullMarked;
