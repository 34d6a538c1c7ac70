/**
 * The service over HTTP. Only its packages and the root use Spring; {@code compute} has the annotations of its
 * settings.
 */
@NullMarked
package dev.phasor.web;

import org.jspecify.annotations.NullMarked;
