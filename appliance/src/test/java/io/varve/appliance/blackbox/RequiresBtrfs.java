package io.varve.appliance.blackbox;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.concurrent.TimeUnit;

/** Skipped, and counted as such, where no btrfs filesystem can be made. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@EnabledIf("io.varve.appliance.blackbox.LoopImage#isPossible")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@interface RequiresBtrfs {}
