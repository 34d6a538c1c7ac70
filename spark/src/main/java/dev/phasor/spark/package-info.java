/** The service's operations on folders of recordings, and as functions of a DataFrame, on Spark. */
@NullMarked
package dev.phasor.spark;

import org.jspecify.annotations.NullMarked;
