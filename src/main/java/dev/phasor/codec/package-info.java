/** Bytes to values and back: every length is checked before memory is taken for it. */
@NullMarked
package dev.phasor.codec;

import org.jspecify.annotations.NullMarked;
