package io.varve.appliance.jmx;

/** {@code io.varve:type=IOStat,device=D}. */
@Meaning("How a block device of this host was used lately")
public interface IOStatMXBean {
    @Meaning("Its name; devices of the device mapper have the one below /dev/mapper")
    String getDevice();

    @Meaning("The end of the while the figures are of, RFC 3339")
    String getTaken();

    @Meaning("The length of that while in seconds")
    double getSeconds();

    @Meaning("Reads a second")
    double getReadsPerSecond();

    @Meaning("Writes a second")
    double getWritesPerSecond();

    @Meaning("Bytes read a second")
    double getReadBytesPerSecond();

    @Meaning("Bytes written a second")
    double getWrittenBytesPerSecond();

    @Meaning("Milliseconds a request took on average")
    double getAwait();

    @Meaning("Share of the time in which it had something to do")
    double getBusyPercent();
}
