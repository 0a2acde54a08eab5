package io.varve.retention;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import static io.varve.retention.Given.manual;
import static io.varve.retention.Given.plan;
import static io.varve.retention.Given.policy;
import static org.assertj.core.api.Assertions.assertThat;

class BrakeTest {
    @Test
    void moreThanHalfIsTooMuchUnlessThePolicySaysOtherwise() {
        assertThat(Brake.objection(plan(policy("keep: {last: 2}"), days(4)), policy("keep: {last: 2}")))
                .isEmpty();
        assertThat(Brake.objection(plan(policy("keep: {last: 1}"), days(4)), policy("keep: {last: 1}")))
                .get()
                .asString()
                .contains("policy 'apps' would remove 3 of its 4 snapshots at once (75 %), its brake allows 50 %");
    }

    @Test
    void fewSnapshotsHaveNoBrakeOfThemselves() {
        Policy one = policy("keep: {last: 1}");

        assertThat(Brake.objection(plan(one, days(3)), one)).isEmpty();
    }

    @Test
    void anExplicitBrakeHoldsForFewSnapshotsToo() {
        Policy one = policy("keep: {last: 1}, brake: {maxRemovePercent: 50}");

        assertThat(Brake.objection(plan(one, days(2)), one)).isEmpty();
        assertThat(Brake.objection(plan(one, days(3)), one)).isPresent();
    }

    @Test
    void theBrakeCanBeOpenedAndShut() {
        Policy open = policy("keep: {last: 1}, brake: {maxRemovePercent: 100}");
        Policy shut = policy("keep: {last: 9}, brake: {maxRemovePercent: 0}");

        assertThat(Brake.objection(plan(open, days(100)), open)).isEmpty();
        assertThat(Brake.objection(plan(shut, days(10)), shut)).isPresent();
        assertThat(Brake.objection(plan(shut, days(9)), shut)).isEmpty();
    }

    @Test
    void foreignSnapshotsDoNotLoosenTheBrake() {
        Policy one = policy("keep: {last: 1}");
        List<Candidate> snapshots = new ArrayList<>(days(4));
        IntStream.range(10, 28).forEach(day -> snapshots.add(manual("2023-05-" + day + "T12:00")));

        assertThat(Brake.objection(plan(one, snapshots), one)).isPresent();
    }

    private static List<Candidate> days(int count) {
        return IntStream.range(0, count)
                .mapToObj(day -> Given.made(
                        Given.at("2024-05-01T12:00").plusSeconds(86_400L * day).toString()))
                .toList();
    }
}
