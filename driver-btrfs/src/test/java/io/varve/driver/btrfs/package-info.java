@NullMarked
package io.varve.driver.btrfs;

import org.jspecify.annotations.NullMarked;
