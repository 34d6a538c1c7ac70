/** Live sessions, whichever face brings them: their places, memory, turns, limits and meters. */
@NullMarked
package dev.phasor.web.session;

import org.jspecify.annotations.NullMarked;
