@NullMarked
package io.varve.driver.devicemapper;

import org.jspecify.annotations.NullMarked;
