/** The safe phase: atan2 that is never perturbed, and its pullback that is always finite. */
@NullMarked
package dev.phasor.phase;

import org.jspecify.annotations.NullMarked;
