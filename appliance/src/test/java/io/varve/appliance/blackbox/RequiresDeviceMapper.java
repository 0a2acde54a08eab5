package io.varve.appliance.blackbox;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Runs by {@code dev/kernel-tests} alone: as root, on a kernel with device-mapper, which may be one made for it. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("kernel")
@Timeout(300)
@interface RequiresDeviceMapper {}
