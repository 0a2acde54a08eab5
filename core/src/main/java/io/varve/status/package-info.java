/**
 * How the state of stores and disks is told to people and programs: sizes, shares, the text of a status, figures as JSON,
 * and the kernel's disk statistics. Everything here is a function of what it is given.
 */
@NullMarked
package io.varve.status;

import org.jspecify.annotations.NullMarked;
