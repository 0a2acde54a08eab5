package io.varve.appliance.jmx;

import java.util.List;
import java.util.Map;

/** {@code io.varve:type=Appliance}. Failures are those of {@link ManagedObject}. */
@Meaning("The appliance: its stores and drivers. It sends a notification for everything that was done or failed.")
public interface ApplianceMXBean {
    @Meaning("The version of the appliance")
    String getVersion();

    @Meaning("The names of the stores, the closed ones too")
    List<String> getStores();

    @Meaning("The drivers by type: 'available', or why not")
    Map<String, String> getDrivers();

    @Meaning("The status of every store, for people")
    String getStatus();

    @Meaning("Opens a store and remembers it; makes one where the root is empty. The same again changes nothing")
    void addStore(
            @Meaning("Its name") String name,
            @Meaning("The type of its driver; empty takes what is at the root, else the best there is") String driver,
            @Meaning("The absolute path of its root") String root,
            @Meaning("Options of the driver") Map<String, String> options);

    @Meaning("Releases, closes and forgets a store; its data stays")
    void removeStore(@Meaning("Its name") String name);
}
