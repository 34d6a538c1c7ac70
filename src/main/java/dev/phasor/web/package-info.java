/** The service over HTTP. Beside the root, only its packages use Spring. */
@NullMarked
package dev.phasor.web;

import org.jspecify.annotations.NullMarked;
