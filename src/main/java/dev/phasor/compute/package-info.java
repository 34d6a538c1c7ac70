/** The machine that requests share: the pool and its lanes, the memory budget, spools, and the limits of each. */
@NullMarked
package dev.phasor.compute;

import org.jspecify.annotations.NullMarked;
