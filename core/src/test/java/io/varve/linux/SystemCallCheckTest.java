package io.varve.linux;

import org.junit.jupiter.api.Test;

import java.lang.reflect.Method;
import java.util.Arrays;

import static org.assertj.core.api.Assertions.assertThat;

class SystemCallCheckTest {
    @Test
    void eachCallIsMadeAndAnswered() {
        assertThat(SystemCallCheck.run())
                .extracting(SystemCallCheck.Call::name)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(LibC.class.getMethods())
                        .map(Method::getName)
                        .toList());
        assertThat(SystemCallCheck.run())
                .contains(new SystemCallCheck.Call("fsync", "Bad file descriptor"))
                .contains(new SystemCallCheck.Call("syscall", "Function not implemented"));
    }
}
