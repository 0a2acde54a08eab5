@NullMarked
package io.varve.driver.nfs;

import org.jspecify.annotations.NullMarked;
