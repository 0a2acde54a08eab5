package io.varve.share;

import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;

import java.util.regex.Pattern;

/**
 * Who may use an export, as exports(5) writes it: a host by name or address, hosts by a name with wildcards, a network by
 * address and length of its prefix, or {@code *} for everybody.
 */
public record Client(String text) implements Comparable<Client> {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9*?]([A-Za-z0-9*?.-]{0,251}[A-Za-z0-9*?])?");
    private static final Pattern ADDRESS = Pattern.compile("[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*|[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    private static final int LONGEST_PREFIX = 128;

    public Client {
        if (!isClient(text)) {
            throw new StorageException(
                    ErrorCode.REQUEST_INVALID,
                    "'" + text
                            + "' is neither the name or address of a host, nor a network such as 10.1.0.0/16, nor '*'");
        }
    }

    private static boolean isClient(String text) {
        int slash = text.indexOf('/');
        return slash < 0
                ? NAME.matcher(text).matches() || ADDRESS.matcher(text).matches()
                : ADDRESS.matcher(text.substring(0, slash)).matches() && isPrefix(text.substring(slash + 1));
    }

    private static boolean isPrefix(String text) {
        return text.matches("[0-9]{1,3}") && Integer.parseInt(text) <= LONGEST_PREFIX;
    }

    @Override
    public int compareTo(Client other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
