/** The service over HTTP: the only user of Spring beside the root. */
@NullMarked
package dev.phasor.web;

import org.jspecify.annotations.NullMarked;
