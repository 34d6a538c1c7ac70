/** How requests and answers in JSON hold numbers. */
@NullMarked
package dev.phasor.web.json;

import org.jspecify.annotations.NullMarked;
