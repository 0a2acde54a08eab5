package io.varve.appliance.cli;

import java.io.IOException;

/** No connection to the appliance could be made; nothing was sent. */
final class UnreachableException extends IOException {
    UnreachableException(IOException cause) {
        super(cause.getMessage(), cause);
    }
}
