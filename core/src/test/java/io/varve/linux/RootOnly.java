package io.varve.linux;

import org.junit.jupiter.api.condition.EnabledIf;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A test that mounts something; skipped, and counted as such, without root. */
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
@EnabledIf(value = "io.varve.linux.Kernel#isRoot", disabledReason = "only root may mount")
public @interface RootOnly {}
