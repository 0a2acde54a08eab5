package io.varve.driver.nfs;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Runs by {@code dev/kernel-tests} alone: as root, on a host that has an NFS server at the other end of a cable. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("kernel")
@Timeout(300)
@interface RequiresNfs {}
