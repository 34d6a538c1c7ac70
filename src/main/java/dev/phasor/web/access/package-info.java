/** Access control: keys, their rates and quotas. No other package uses Spring Security. */
@NullMarked
package dev.phasor.web.access;

import org.jspecify.annotations.NullMarked;
