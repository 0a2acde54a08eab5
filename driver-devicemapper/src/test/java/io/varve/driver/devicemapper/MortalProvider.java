package io.varve.driver.devicemapper;

import io.varve.conformance.MortalDriverProvider;
import io.varve.driver.devicemapper.DeviceMapper.Command;
import io.varve.linux.Descriptor;
import io.varve.linux.Kernel;
import io.varve.linux.KernelException;
import io.varve.linux.OpenFlag;
import io.varve.spi.Driver;
import io.varve.spi.StoreLayout;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** The driver, whose process seems to die before or after any of its calls that change something in device-mapper. */
public final class MortalProvider extends MortalDriverProvider {
    private static final Set<Command> CHANGING = EnumSet.of(
            Command.DEV_CREATE, Command.DEV_REMOVE, Command.DEV_SUSPEND, Command.TABLE_LOAD, Command.TARGET_MSG);

    public MortalProvider() {
        super(new DeviceMapperDriverProvider(), true);
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
}
