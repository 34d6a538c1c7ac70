/** The application: the entry point and the explicit wiring of every part. */
@NullMarked
package dev.phasor;

import org.jspecify.annotations.NullMarked;
