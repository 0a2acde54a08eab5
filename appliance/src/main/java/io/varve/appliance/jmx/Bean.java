package io.varve.appliance.jmx;

/** What a management object does, and the interface it shows. */
record Bean<T>(T implementation, Class<T> type) {}
