/** The application's entry point and the explicit wiring of the engine. */
@NullMarked
package dev.phasor;

import org.jspecify.annotations.NullMarked;
