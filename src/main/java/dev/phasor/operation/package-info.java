/**
 * What the service computes, one operation a file: decoded values in, values and a report out. Every face calls them.
 */
@NullMarked
package dev.phasor.operation;

import org.jspecify.annotations.NullMarked;
