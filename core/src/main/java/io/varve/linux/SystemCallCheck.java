package io.varve.linux;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Calls each function of the C library that Varve uses, once, and with what the kernel refuses: descriptors, flags and
 * numbers of -1, empty names. Shows on this very host, with this very build, that all of them can be called; a native
 * image could have lost one.
 */
public final class SystemCallCheck {
    private static final int BUFFER_BYTES = 4096;

    /** @param answer what the C library answered: an error's text, as a rule */
    public record Call(String name, String answer) {}

    private SystemCallCheck() {}

    /**
     * All calls by name. Nothing on the host is changed.
     *
     * @throws LinkageError where one cannot be called
     */
    public static List<Call> run() {
        return Arrays.stream(LibC.class.getMethods())
                .sorted(Comparator.comparing(Method::getName).thenComparing(Method::toString))
                .map(SystemCallCheck::call)
                .toList();
    }

    private static Call call(Method method) {
        Object[] arguments = Arrays.stream(method.getParameterTypes())
                .map(SystemCallCheck::refused)
                .toArray();
        try {
            Number result = (Number) method.invoke(Kernel.LIBC, arguments);
            return new Call(
                    method.getName(), result.longValue() < 0 ? Kernel.errorText(Kernel.lastError()) : "callable");
        } catch (ReflectiveOperationException failure) {
            Throwable cause = failure instanceof InvocationTargetException wrapper ? wrapper.getCause() : failure;
            throw (LinkageError) new LinkageError(method + " cannot be called: " + cause).initCause(cause);
        }
    }

    private static Object refused(Class<?> type) {
        if (type == int.class) {
            return -1;
        }
        if (type == long.class) {
            return -1L;
        }
        if (type == int[].class) {
            return new int[2];
        }
        return type == byte[].class ? new byte[BUFFER_BYTES] : ByteBuffer.allocateDirect(BUFFER_BYTES);
    }
}
