package io.varve.driver.rsync;

import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** The conformance kit as {@link RsyncUnprivilegedTest} runs it as another user; the exit status is 0 where it holds. */
final class UnprivilegedConformance {
    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    private UnprivilegedConformance() {}

    public static void main(String[] arguments) {
        LauncherDiscoveryRequest kit = LauncherDiscoveryRequestBuilder.request()
                .selectors(DiscoverySelectors.selectClass(RsyncConformanceTest.class))
                .build();
        Results results = new Results();
        LauncherFactory.create().execute(kit, results);
        OUT.println("As user " + System.getProperty("user.name") + ": " + results.passed + " passed, " + results.failed
                + " failed, " + results.aborted + " need root");
        System.exit(results.failed.get() == 0 && results.passed.get() > 0 ? 0 : 1);
    }

    private static final class Results implements TestExecutionListener {
        private final AtomicInteger passed = new AtomicInteger();
        private final AtomicInteger failed = new AtomicInteger();
        private final AtomicInteger aborted = new AtomicInteger();

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            switch (result.getStatus()) {
                case SUCCESSFUL -> passed.addAndGet(test.isTest() ? 1 : 0);
                case ABORTED -> aborted.incrementAndGet();
                case FAILED -> {
                    failed.incrementAndGet();
                    OUT.println("failed: " + test.getUniqueId());
                    result.getThrowable().ifPresent(failure -> failure.printStackTrace(OUT));
                }
            }
        }
    }
}
