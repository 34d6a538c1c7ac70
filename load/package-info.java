/** How much is computed at once, in which order, and until when. */
@NullMarked
package dev.phasor.web.guard.load;

import org.jspecify.annotations.NullMarked;
