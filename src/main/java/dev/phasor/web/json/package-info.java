/** Reading of numbers and reporting of faults in JSON requests. */
@NullMarked
package dev.phasor.web.json;

import org.jspecify.annotations.NullMarked;
