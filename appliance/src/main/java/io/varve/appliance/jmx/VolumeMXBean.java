package io.varve.appliance.jmx;

import java.util.List;

/** {@code io.varve:type=Volume,store=S,name=V}. Failures are those of {@link ManagedObject}. */
@Meaning("A volume: a directory with a history")
public interface VolumeMXBean {
    @Meaning("Its name")
    String getName();

    @Meaning("The name of its store")
    String getStore();

    @Meaning("The absolute path of its head")
    String getPath();

    @Meaning("When it was made, RFC 3339")
    String getCreated();

    @Meaning("Its size in bytes; 0 where it has none of its own")
    long getSizeBytes();

    @Meaning("How many snapshots it has")
    int getSnapshotCount();

    @Meaning("Its snapshots, oldest first")
    List<SnapshotData> getSnapshots();

    @Meaning("Takes a snapshot; its label is the answer")
    String snapshot(
            @Meaning("Its label; empty is a UTC time stamp") String label, @Meaning("What it is for") String message);

    @Meaning("Removes a snapshot. An absent one is a success")
    void removeSnapshot(@Meaning("Its label") String label);

    @Meaning("Makes a snapshot the head again; the label of the undo point is the answer")
    String rollback(
            @Meaning("The label of the snapshot") String label,
            @Meaning("Also while processes use the head; what they write from then on is lost") boolean force);

    @Meaning("Gives a snapshot one more tag")
    void tag(@Meaning("The label of the snapshot") String label, @Meaning("The tag") String tag);

    @Meaning("Takes a tag from whichever snapshot carries it")
    void untag(@Meaning("The tag") String tag);

    @Meaning("Keeps a snapshot from being removed")
    void hold(
            @Meaning("The label of the snapshot") String label,
            @Meaning("Who holds it") String owner,
            @Meaning("Why") String reason);

    @Meaning("Gives a hold back")
    void unhold(@Meaning("The label of the snapshot") String label, @Meaning("Who holds it") String owner);

    @Meaning("Grows the volume")
    void resize(@Meaning("Bytes, or a text such as '10 GiB'") String size);

    @Meaning("Unmounts or deactivates; using the volume brings it back")
    void release();
}
