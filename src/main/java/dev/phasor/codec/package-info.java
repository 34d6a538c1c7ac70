/** Converts bytes to values and back. Every length is checked before memory is allocated for it. */
@NullMarked
package dev.phasor.codec;

import org.jspecify.annotations.NullMarked;
