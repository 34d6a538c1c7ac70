/** Resources that requests share: the compute pool and its lanes, the memory budget, spools, and their limits. */
@NullMarked
package dev.phasor.compute;

import org.jspecify.annotations.NullMarked;
