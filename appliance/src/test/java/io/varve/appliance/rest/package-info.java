@NullMarked
package io.varve.appliance.rest;

import org.jspecify.annotations.NullMarked;
