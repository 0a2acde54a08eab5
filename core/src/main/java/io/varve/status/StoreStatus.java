package io.varve.status;

import io.varve.spi.DriverStatus;
import io.varve.spi.DriverType;

/** What a store's driver knows of its space, with the driver's name. */
public record StoreStatus(DriverType driver, DriverStatus status) {
    /** The form for people, see {@link StatusText}. */
    public String text() {
        return StatusText.of(driver, status);
    }
}
