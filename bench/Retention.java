import com.fasterxml.jackson.databind.json.JsonMapper;
import io.varve.retention.Candidate;
import io.varve.retention.Policy;
import io.varve.retention.PolicyCodec;
import io.varve.spi.SnapshotLabel;

import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Times retention plans over snapshots ten minutes apart: the policy, the first one in seconds, and how many. */
final class Retention {
    private static final int WARM = 20;
    private static final int TIMED = 15;

    private Retention() {}

    public static void main(String[] arguments) throws IOException {
        Policy policy = new PolicyCodec(cron -> Optional.empty()).readRules("apps", new JsonMapper().readTree(arguments[0]));
        Instant first = Instant.ofEpochSecond(Long.parseLong(arguments[1]));
        List<Candidate> snapshots = IntStream.range(0, Integer.parseInt(arguments[2]))
                .mapToObj(number -> Candidate.ofPolicy(
                        "apps", SnapshotLabel.of("auto-" + number), first.plusSeconds(600L * number)))
                .toList();
        for (int round = 0; round < WARM + TIMED; round++) {
            long start = System.nanoTime();
            int removed = plan(snapshots, policy);
            long taken = System.nanoTime() - start;
            if (removed == 0 || removed >= snapshots.size()) {
                throw new IllegalStateException(removed + " would be removed");
            }
            if (round >= WARM) {
                System.out.println("plan\t" + taken);
            }
        }
    }

    private static int plan(List<Candidate> snapshots, Policy policy) {
        Instant later = Instant.parse("2027-01-01T00:00:00Z");
        return io.varve.retention.Retention.plan(snapshots, policy, later, ZoneId.of("UTC")).remove().size();
    }
}
