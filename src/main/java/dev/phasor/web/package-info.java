/** The service over HTTP. Beside the root package, only this one uses Spring. */
@NullMarked
package dev.phasor.web;

import org.jspecify.annotations.NullMarked;
