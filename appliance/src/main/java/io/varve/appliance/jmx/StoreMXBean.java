package io.varve.appliance.jmx;

import java.util.List;
import java.util.Map;

/** {@code io.varve:type=Store,name=S}. Failures are those of {@link ManagedObject}. */
@Meaning("A store: a root with volumes, and the driver that keeps them")
public interface StoreMXBean {
    @Meaning("Its name")
    String getName();

    @Meaning("The type of its driver; empty where that is not known yet")
    String getDriver();

    @Meaning("The absolute path of its root")
    String getRoot();

    @Meaning("The options it was opened with")
    Map<String, String> getOptions();

    @Meaning("OPEN, DEGRADED or CLOSED")
    String getState();

    @Meaning("Why it cannot be worked with; empty where it can")
    String getProblem();

    @Meaning("The names of its volumes")
    List<String> getVolumes();

    @Meaning("Bytes of the filesystem or pool below it")
    long getTotalBytes();

    @Meaning("Bytes used there")
    long getUsedBytes();

    @Meaning("Bytes that can still be written there")
    long getAvailableBytes();

    @Meaning("Its status, for people")
    String getStatus();

    @Meaning("What other hosts may use of it over NFS")
    List<ExportData> getExports();

    @Meaning("Lets other hosts use a volume, or the whole store, over NFS; the export's id is the answer")
    String share(
            @Meaning("The volume; empty for the whole store") String volume,
            @Meaning("Hosts, networks such as 10.1.0.0/16, or '*'") List<String> clients,
            @Meaning("Whether they may change nothing") boolean readOnly,
            @Meaning("Whether their root is nobody here") boolean rootSquash);

    @Meaning("Shares it no more. An absent one is a success")
    void unshare(@Meaning("The export's id") String id);

    @Meaning("Makes an empty volume; its path is the answer")
    String createVolume(@Meaning("Its name") String name);

    @Meaning("Makes an empty volume of a size; its path is the answer")
    String createVolume(@Meaning("Its name") String name, @Meaning("Bytes, or a text such as '10 GiB'") String size);

    @Meaning("Removes a volume with all its snapshots. An absent one is a success")
    void removeVolume(@Meaning("Its name") String name);
}
