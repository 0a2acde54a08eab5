package io.varve.appliance.rest;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A query parameter that a call reads from the request itself, because its bytes need not be text. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface RawQueryParam {
    String value();
}
