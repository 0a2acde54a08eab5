package io.varve.retention;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;

import static io.varve.retention.Given.held;
import static io.varve.retention.Given.kept;
import static io.varve.retention.Given.made;
import static io.varve.retention.Given.manual;
import static io.varve.retention.Given.plan;
import static io.varve.retention.Given.policy;
import static io.varve.retention.Given.removed;
import static org.assertj.core.api.Assertions.assertThat;

class SpaceReliefTest {
    private static final Policy POLICY = policy("keep: {last: 6}, space: {minFreePercent: 15, floor: {last: 2}}");
    private static final List<Candidate> WEEK = List.of(
            made("2024-05-01T12:00"),
            held(made("2024-05-02T12:00"), "backup@host"),
            manual("2024-05-03T12:00"),
            made("2024-05-04T12:00"),
            made("2024-05-05T12:00"),
            made("2024-05-06T12:00"),
            made("2024-05-07T12:00"));

    @Test
    void theOldestGiveWayButNeitherTheFloorNorWhatIsProtectedOrForeign() {
        List<RetentionPlan.Removed> victims =
                SpaceRelief.victims(plan(POLICY, WEEK), POLICY, OptionalDouble.of(12), Given.LATER, Given.UTC);

        assertThat(victims)
                .extracting(victim -> victim.snapshot().label().value())
                .containsExactly("2024-05-01T12:00", "2024-05-04T12:00", "2024-05-05T12:00");
        assertThat(victims).extracting(RetentionPlan.Removed::reason).containsOnly("space: 12 % free < 15 %");
    }

    @Test
    void nothingGivesWayWhereSpaceSufficesOrIsNotKnown() {
        RetentionPlan plan = plan(POLICY, WEEK);

        for (OptionalDouble free : List.of(
                OptionalDouble.empty(), OptionalDouble.of(15), OptionalDouble.of(Double.NaN), OptionalDouble.of(99))) {
            assertThat(SpaceRelief.victims(plan, POLICY, free, Given.LATER, Given.UTC))
                    .isEmpty();
            assertThat(relieved(plan, POLICY, free, SpaceReliefTest::unknown)).isEqualTo(plan);
        }
    }

    @Test
    void asManyGiveWayAsTheShortageNeeds() {
        RetentionPlan plan =
                relieved(plan(POLICY, WEEK), POLICY, OptionalDouble.of(12), snapshot -> OptionalDouble.of(2));

        assertThat(removed(plan)).containsExactly("2024-05-01T12:00", "2024-05-04T12:00");
        assertThat(kept(plan)).hasSize(5);
    }

    @Test
    void whereTheGainIsUnknownOneGivesWayAndSpaceIsMeasuredAgain() {
        RetentionPlan plan = relieved(plan(POLICY, WEEK), POLICY, OptionalDouble.of(3), SpaceReliefTest::unknown);

        assertThat(removed(plan)).containsExactly("2024-05-01T12:00");
    }

    @Test
    void whatTheRulesRemoveAnywayIsReckonedFirst() {
        Policy rules = policy("keep: {last: 4}, space: {minFreePercent: 15, floor: {last: 2}}");
        RetentionPlan planned = plan(rules, WEEK);

        assertThat(removed(planned)).containsExactly("2024-05-01T12:00");
        assertThat(relieved(planned, rules, OptionalDouble.of(3), SpaceReliefTest::unknown))
                .isEqualTo(planned);
        assertThat(relieved(planned, rules, OptionalDouble.of(14), snapshot -> OptionalDouble.of(1)))
                .isEqualTo(planned);
        assertThat(removed(relieved(planned, rules, OptionalDouble.of(13), snapshot -> OptionalDouble.of(1))))
                .containsExactly("2024-05-01T12:00", "2024-05-04T12:00");
    }

    @Test
    void withoutAFloorTheNewestStillStays() {
        Policy bare = policy("keep: {}, space: {minFreePercent: 90}");

        assertThat(SpaceRelief.victims(plan(bare, WEEK), bare, OptionalDouble.of(0), Given.LATER, Given.UTC))
                .extracting(victim -> victim.snapshot().label().value())
                .containsExactly("2024-05-01T12:00", "2024-05-04T12:00", "2024-05-05T12:00", "2024-05-06T12:00");
    }

    @Test
    void theFreeShareIsNeverRoundedUp() {
        assertThat(SpaceRelief.victims(plan(POLICY, WEEK), POLICY, OptionalDouble.of(14.999), Given.LATER, Given.UTC))
                .extracting(RetentionPlan.Removed::reason)
                .containsOnly("space: 14.9 % free < 15 %");
    }

    private static RetentionPlan relieved(
            RetentionPlan plan, Policy policy, OptionalDouble free, Function<Candidate, OptionalDouble> gain) {
        return SpaceRelief.relieve(plan, policy, free, gain, Given.LATER, Given.UTC);
    }

    private static OptionalDouble unknown(Candidate snapshot) {
        return OptionalDouble.empty();
    }
}
