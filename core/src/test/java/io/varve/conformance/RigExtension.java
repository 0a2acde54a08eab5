package io.varve.conformance;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

import java.util.ArrayList;
import java.util.List;

/**
 * Gives tests an open store ({@link Rig}), a driver alone ({@link DriverRig}) or the fixture as parameters, each store on
 * a root of its own; checks what must hold after every test, and closes. The fixture serves a whole class.
 */
final class RigExtension implements ParameterResolver, AfterEachCallback {
    private static final Namespace NAMESPACE = Namespace.create(RigExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return List.of(Rig.class, DriverRig.class, DriverFixture.class)
                .contains(parameter.getParameter().getType());
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        DriverFixture fixture = fixture(context);
        Class<?> type = parameter.getParameter().getType();
        if (type == Rig.class) {
            Rig rig = new Rig(fixture, fixture.newRoot());
            rigs(context).add(rig::checkInvariants, rig::close);
            return rig;
        }
        if (type == DriverRig.class) {
            DriverRig rig = new DriverRig(fixture, fixture.newRoot());
            rigs(context).add(rig::checkInvariants, rig::close);
            return rig;
        }
        return fixture;
    }

    /** Made for the outermost class and closed with it. */
    private static DriverFixture fixture(ExtensionContext context) {
        ExtensionContext outermost = context;
        ExtensionContext above = context.getParent().orElseThrow();
        while (above.getTestClass().isPresent()) {
            outermost = above;
            above = above.getParent().orElseThrow();
        }
        DriverConformance test = context.getRequiredTestInstances()
                .findInstance(DriverConformance.class)
                .orElseThrow();
        return outermost.getStore(NAMESPACE).computeIfAbsent("fixture", key -> test.fixture(), DriverFixture.class);
    }

    private static Rigs rigs(ExtensionContext context) {
        return context.getStore(NAMESPACE).computeIfAbsent("rigs", key -> new Rigs(), Rigs.class);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (context.getExecutionException().isEmpty()) {
            rigs(context).check();
        }
    }

    /** The stores of one test; closed by JUnit with the test's context. */
    private static final class Rigs implements AutoCloseable {
        private final List<Runnable> ends = new ArrayList<>();
        private final List<Runnable> checks = new ArrayList<>();

        void add(Runnable check, Runnable end) {
            checks.add(check);
            ends.add(end);
        }

        void check() {
            checks.forEach(Runnable::run);
        }

        @Override
        public void close() {
            ends.forEach(Runnable::run);
        }
    }
}
