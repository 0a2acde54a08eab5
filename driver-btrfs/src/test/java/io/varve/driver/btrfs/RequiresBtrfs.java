package io.varve.driver.btrfs;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Skipped, and counted as such, where no btrfs filesystem can be made; see {@link BtrfsFilesystem#isPossible}. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@EnabledIf("io.varve.driver.btrfs.BtrfsFilesystem#isPossible")
@Timeout(120)
@interface RequiresBtrfs {}
