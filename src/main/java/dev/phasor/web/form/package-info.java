/** Forms, {@code multipart/form-data}: what every face reads them with. */
@NullMarked
package dev.phasor.web.form;

import org.jspecify.annotations.NullMarked;
