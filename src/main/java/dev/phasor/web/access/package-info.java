/** Who may call, and how much: keys, their rates and quotas; the only user of Spring Security. */
@NullMarked
package dev.phasor.web.access;

import org.jspecify.annotations.NullMarked;
