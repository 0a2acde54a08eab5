package io.varve.appliance.rest;

import io.varve.access.Role;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Which role a call, or every call of a resource, needs. Without it, one that reads needs a viewer and any other one an
 * operator.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@interface Needs {
    Role value();
}
