package io.varve.volume;

import org.junit.jupiter.api.Test;

import java.time.Clock;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class OperationsTest {
    private static final Subject STORE = Subject.of(StoreName.of("default"));

    private final AtomicReference<Event> last = new AtomicReference<>();
    private final Operations operations = new Operations(Clock.systemUTC(), last::set);

    @Test
    void aBugIsToldToTheLogAndNotToClients() {
        assertThatIllegalStateException()
                .isThrownBy(() -> operations.run("try", STORE, operation -> {
                    throw new IllegalStateException("a secret");
                }));

        String told =
                last.get().detail() + operations.list().getFirst().outcome().detail();
        assertThat(told).contains("the log has it").doesNotContain("secret", "java", "Exception");
    }

    @Test
    void anOperationIsFoundAtEveryInstantOnceItBegan() throws InterruptedException {
        AtomicReference<String> current = new AtomicReference<>("");
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger missed = new AtomicInteger();
        Thread looking = Thread.ofPlatform().start(() -> {
            while (!over.get()) {
                String id = current.get();
                boolean found = id.isEmpty() || operations.find(id).isPresent();
                // Whoever was asleep meanwhile asked for one that is rightly forgotten.
                if (!found && id.equals(current.get())) {
                    missed.incrementAndGet();
                }
            }
        });
        for (int i = 0; i < 3_000; i++) {
            operations.run("try", STORE, operation -> {
                current.set(operation.id());
                return operation.id();
            });
        }
        over.set(true);
        looking.join();

        assertThat(missed.get()).isZero();
    }
}
