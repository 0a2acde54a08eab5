package io.varve.driver.devicemapper;

import io.varve.driver.devicemapper.DeviceMapper.Command;
import io.varve.linux.Descriptor;
import io.varve.linux.Kernel;
import io.varve.linux.KernelException;
import io.varve.linux.OpenFlag;
import io.varve.spi.Availability;
import io.varve.spi.Capability;
import io.varve.spi.Driver;
import io.varve.spi.DriverOption;
import io.varve.spi.DriverProvider;
import io.varve.spi.DriverType;
import io.varve.spi.StoreLayout;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** The driver, whose process seems to die before or after any of its calls that change something in device-mapper. */
public final class MortalProvider implements DriverProvider {
    private static final Set<Command> CHANGING = EnumSet.of(
            Command.DEV_CREATE, Command.DEV_REMOVE, Command.DEV_SUSPEND, Command.TABLE_LOAD, Command.TARGET_MSG);

    private final DriverProvider working = new DeviceMapperDriverProvider();
    private final AtomicInteger stepsLeft = new AtomicInteger();
    private final AtomicReference<Error> death = new AtomicReference<>(new AssertionError("not to be thrown"));

    /** Throws {@code how} at a step of what comes, out of whatever is done there; the first step is 1. */
    public void dieAt(int step, Error how) {
        death.set(how);
        stepsLeft.set(step);
    }

    /** Dies no more. */
    public void live() {
        stepsLeft.set(0);
    }

    /** Once dead it does nothing more, as a process that is gone. */
    private void step() {
        int left = stepsLeft.get();
        if (left < 0 || (left > 0 && stepsLeft.decrementAndGet() == 0)) {
            stepsLeft.set(-1);
            throw death.get();
        }
    }

    @Override
    public Driver open(StoreLayout layout, Map<String, String> options) {
        try {
            Descriptor control = Kernel.open(DeviceMapper.CONTROL, OpenFlag.READ_WRITE);
            return DeviceMapperDriverProvider.open(layout, options, new Stepping(control));
        } catch (IOException failure) {
            throw KernelException.storage("cannot open the store " + layout.root(), failure);
        }
    }

    private final class Stepping extends DeviceMapper {
        Stepping(Descriptor control) {
            super(control);
        }

        @Override
        ByteBuffer send(Command command, String name, byte[] request) throws IOException {
            if (!CHANGING.contains(command)) {
                return super.send(command, name, request);
            }
            step();
            ByteBuffer reply = super.send(command, name, request);
            step();
            return reply;
        }
    }

    @Override
    public DriverType type() {
        return working.type();
    }

    @Override
    public List<DriverOption> options() {
        return working.options();
    }

    @Override
    public Set<Capability> capabilities() {
        return working.capabilities();
    }

    @Override
    public Availability probe(java.nio.file.Path root) {
        return working.probe(root);
    }

    @Override
    public List<String> problems(Map<String, String> options) {
        return working.problems(options);
    }
}
