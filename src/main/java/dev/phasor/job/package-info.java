/**
 * Work that outlives its request: its state in a database, its bodies and answers in a folder. What a job computes is
 * told by whoever implements {@link dev.phasor.job.Work}.
 */
@NullMarked
package dev.phasor.job;

import org.jspecify.annotations.NullMarked;
