package io.varve.conformance;

import io.varve.spi.StorageException;

/** The process that tries to open a store that another one has. */
final class OpeningChild {
    private OpeningChild() {}

    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws ReflectiveOperationException {
        try {
            ChildStore.open(arguments).close();
            System.out.println("OPENED");
        } catch (StorageException refusal) {
            System.out.println(refusal.code() + " " + refusal.getMessage());
        }
    }
}
