/**
 * The built appliance, seen from outside alone: over its Unix socket, over TCP, through its command line and on disk. Nothing
 * here knows a class of the product, so the same tests prove a binary of any kind: {@code -Dvarve.command="/usr/bin/varve"}.
 */
@NullMarked
package io.varve.appliance.blackbox;

import org.jspecify.annotations.NullMarked;
