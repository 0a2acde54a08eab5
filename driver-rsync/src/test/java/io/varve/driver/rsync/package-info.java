@NullMarked
package io.varve.driver.rsync;

import org.jspecify.annotations.NullMarked;
