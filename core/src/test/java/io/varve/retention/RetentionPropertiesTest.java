package io.varve.retention;

import io.varve.spi.SnapshotLabel;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** What holds for any snapshots under any policy. */
class RetentionPropertiesTest {
    private static final String SEED = "20240229";
    private static final Instant NOW = Instant.parse("2024-11-05T10:30:00Z");
    private static final ZoneId ZONE = ZoneId.of("Australia/Lord_Howe");

    @Property(seed = SEED, tries = 150)
    void everySnapshotIsEitherKeptOrRemovedAndEachKnowsWhy(
            @ForAll("snapshots") List<Candidate> snapshots, @ForAll("policies") Policy policy) {
        RetentionPlan plan = plan(snapshots, policy);

        List<Candidate> together = new ArrayList<>(keptOf(plan));
        plan.remove().forEach(removed -> together.add(removed.snapshot()));
        assertThat(together).containsExactlyInAnyOrderElementsOf(snapshots);
        assertThat(plan.keep()).allSatisfy(kept -> assertThat(kept.reasons()).isNotEmpty());
        assertThat(plan.remove()).allSatisfy(gone -> assertThat(gone.reason()).isNotEmpty());
    }

    @Property(seed = SEED, tries = 150)
    void theOrderOfTheSnapshotsDoesNotMatter(
            @ForAll("snapshots") List<Candidate> snapshots, @ForAll("policies") Policy policy, @ForAll long order) {
        List<Candidate> shuffled = new ArrayList<>(snapshots);
        Collections.shuffle(shuffled, new Random(order));

        assertThat(plan(shuffled, policy)).isEqualTo(plan(snapshots, policy));
    }

    @Property(seed = SEED, tries = 250)
    void whatIsLeftIsNotThinnedOutAgain(
            @ForAll("snapshots") List<Candidate> snapshots, @ForAll("policies") Policy policy) {
        List<Candidate> left = keptOf(plan(snapshots, policy));

        assertThat(plan(left, policy).remove()).isEmpty();
    }

    @Property(seed = SEED, tries = 150)
    void whatIsProtectedStays(@ForAll("snapshots") List<Candidate> snapshots, @ForAll("policies") Policy policy) {
        assertThat(plan(snapshots, policy).remove()).allSatisfy(removed -> {
            Candidate gone = removed.snapshot();
            assertThat(gone.created()).isBeforeOrEqualTo(NOW);
            assertThat(gone.tags()).isEmpty();
            assertThat(gone.holds()).isEmpty();
            assertThat(gone.protectedBy()).isEmpty();
            assertThat(gone.valid()).isTrue();
            assertThat(gone.kind()).isNotEqualTo(Candidate.Kind.UNDO);
            assertThat(policy.unmatched() == Policy.Unmatched.INCLUDE || gone.isMadeBy(Given.NAME))
                    .isTrue();
        });
    }

    @Property(seed = SEED, tries = 250)
    void askedOnceMoreEachIsProtectedByWhatThePlanSaid(
            @ForAll("snapshots") List<Candidate> snapshots, @ForAll("policies") Policy policy) {
        List<Candidate> ordered = snapshots.stream().sorted(Retention.BY_AGE).toList();
        RetentionPlan plan = Retention.plan(snapshots, policy, NOW, policy.zone());

        for (int i = 0; i < ordered.size(); i++) {
            Candidate asked = ordered.get(i);
            List<String> planned = plan.keep().stream()
                    .filter(kept -> kept.snapshot().equals(asked))
                    .flatMap(kept -> kept.protections().stream())
                    .toList();
            assertThat(Retention.protections(asked, ordered.subList(i + 1, ordered.size()), policy, NOW))
                    .isEqualTo(planned);
        }
    }

    @Property(seed = SEED, tries = 150)
    void theNewestStays(@ForAll("snapshots") List<Candidate> snapshots, @ForAll("policies") Policy policy) {
        Optional<Instant> newest = snapshots.stream().map(Candidate::created).max(Instant::compareTo);
        RetentionPlan plan = plan(snapshots, policy);

        assertThat(keptOf(plan).stream().map(Candidate::created).max(Instant::compareTo))
                .isEqualTo(newest);
    }

    @Property(seed = SEED, tries = 150)
    void oneMoreRuleNeverRemovesMore(
            @ForAll("snapshots") List<Candidate> snapshots,
            @ForAll("policies") Policy policy,
            @ForAll("rules") Keep more) {
        Policy wider = withKeep(policy, widened(policy.keep(), more));

        assertThat(labels(plan(snapshots, wider))).containsAll(labels(plan(snapshots, policy)));
    }

    @Property(seed = SEED, tries = 150)
    void combiningWithAllNeverRemovesMore(@ForAll("snapshots") List<Candidate> snapshots, @ForAll("rules") Keep keep) {
        Policy any = Policy.of(Given.NAME, Match.nothing(), keep);
        Policy all = combined(any);

        assertThat(labels(plan(snapshots, all))).containsAll(labels(plan(snapshots, any)));
    }

    @Property(seed = SEED, tries = 150)
    void spaceTakesNothingProtectedAndLeavesTheFloor(
            @ForAll("snapshots") List<Candidate> snapshots,
            @ForAll("policies") Policy policy,
            @ForAll("rules") Keep floor) {
        Policy tight = withSpace(policy, new SpaceRule(100, floor));
        RetentionPlan before = plan(snapshots, tight);

        RetentionPlan after =
                SpaceRelief.relieve(before, tight, OptionalDouble.of(0), snapshot -> OptionalDouble.of(0), NOW, ZONE);

        assertThat(plan(keptOf(before), withKeep(policy, floor)).keep().stream()
                        .filter(kept -> !floor.isEmpty() || !kept.protections().isEmpty())
                        .map(kept -> kept.snapshot().label()))
                .isSubsetOf(labels(after));
        assertThat(keptOf(after).size() + after.remove().size()).isEqualTo(snapshots.size());
    }

    @Property(seed = SEED, tries = 250)
    void countingIsTheOneOfTheOuterContract(@ForAll("own") List<Candidate> snapshots, @ForAll("rules") Keep keep) {
        Policy policy = Policy.of(Given.NAME, Match.nothing(), keep);

        Set<SnapshotLabel> expected = PlainCounting.keep(snapshots, keep, ZONE);

        assertThat(ruled(plan(snapshots, policy))).isEqualTo(keep.isEmpty() ? allOf(snapshots) : expected);
    }

    // ------------------------------------------------------------------------------------------ what is given

    @Provide
    Arbitrary<List<Candidate>> snapshots() {
        return candidates(Arbitraries.longs().between(-40_000_000, 200_000), kinds());
    }

    /** Of the policy's own making, and none in the future. */
    @Provide
    Arbitrary<List<Candidate>> own() {
        return candidates(Arbitraries.longs().between(-40_000_000, 0), Arbitraries.just(0));
    }

    private static Arbitrary<Integer> kinds() {
        return Arbitraries.frequency(
                Tuple.of(20, 0),
                Tuple.of(1, 1),
                Tuple.of(1, 2),
                Tuple.of(1, 3),
                Tuple.of(1, 4),
                Tuple.of(1, 5),
                Tuple.of(1, 6),
                Tuple.of(1, 7));
    }

    /** Ages in seconds; many close together and some equal, so that periods fill up. */
    private static Arbitrary<List<Candidate>> candidates(Arbitrary<Long> ages, Arbitrary<Integer> kinds) {
        Arbitrary<Long> rounded = Arbitraries.oneOf(
                ages,
                ages.map(age -> Math.floorDiv(age, 86_400L) * 86_400),
                ages.map(age -> age / 300),
                ages.map(age -> age / 20));
        return Combinators.combine(rounded, kinds)
                .as(Sample::new)
                .list()
                .ofMaxSize(40)
                .map(samples -> IntStream.range(0, samples.size())
                        .mapToObj(place -> samples.get(place).candidate("s" + place))
                        .toList());
    }

    private record Sample(long age, int kind) {
        Candidate candidate(String label) {
            Candidate own = Candidate.ofPolicy(Given.NAME, SnapshotLabel.of(label), NOW.plusSeconds(age));
            return switch (kind) {
                case 1 -> of(own, Candidate.Kind.MANUAL, Optional.empty());
                case 2 -> of(own, Candidate.Kind.UNDO, Optional.empty());
                case 3 -> of(own, Candidate.Kind.POLICY, Optional.of("other"));
                case 4 -> Given.tagged(own, "t" + label);
                case 5 -> Given.held(own, "owner");
                case 6 -> Given.guarded(own, "rollback target");
                case 7 -> Given.invalid(own);
                default -> own;
            };
        }

        private static Candidate of(Candidate own, Candidate.Kind kind, Optional<String> policy) {
            return new Candidate(own.label(), own.created(), kind, policy, List.of(), List.of(), List.of(), true);
        }
    }

    @Provide
    Arbitrary<Keep> rules() {
        Arbitrary<Integer> counts = Arbitraries.of(-1, 0, 0, 1, 2, 3, 7);
        Arbitrary<Span> spans =
                Arbitraries.of("0s", "90m", "24h", "1d", "3d", "2w", "1M", "1y").map(Span::parse);
        return Combinators.combine(
                        counts.optional(0.3),
                        Arbitraries.maps(Arbitraries.of(Period.class), counts).ofMaxSize(4),
                        spans.optional(0.2),
                        Arbitraries.maps(Arbitraries.of(Period.class), spans).ofMaxSize(2))
                .as((last, each, within, inside) -> new Keep(
                        last.map(OptionalInt::of).orElse(OptionalInt.empty()), each, within, inside, List.of()));
    }

    @Provide
    Arbitrary<Policy> policies() {
        return Combinators.combine(
                        rules().filter(keep -> !keep.isEmpty()),
                        Arbitraries.of(Policy.Representative.class),
                        Arbitraries.of(Policy.Gaps.class),
                        Arbitraries.of(Policy.Combine.class),
                        Arbitraries.of(Policy.Reference.class),
                        Arbitraries.of("0s", "1h", "2d").map(Span::parse),
                        Arbitraries.of(Policy.Unmatched.class))
                .as((keep, representative, gaps, combine, reference, minAge, unmatched) -> new Policy(
                        Given.NAME,
                        Match.nothing(),
                        Optional.empty(),
                        LabelTemplate.DEFAULT,
                        false,
                        keep,
                        representative,
                        gaps,
                        combine,
                        reference,
                        minAge,
                        Policy.DEFAULT_UNDO_FOR,
                        unmatched,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        false,
                        Optional.empty()));
    }

    // ------------------------------------------------------------------------------------------ what is seen

    private static RetentionPlan plan(List<Candidate> snapshots, Policy policy) {
        return Retention.plan(snapshots, policy, NOW, ZONE);
    }

    private static List<Candidate> keptOf(RetentionPlan plan) {
        return plan.keep().stream().map(RetentionPlan.Kept::snapshot).toList();
    }

    private static List<SnapshotLabel> labels(RetentionPlan plan) {
        return keptOf(plan).stream().map(Candidate::label).toList();
    }

    private static Set<SnapshotLabel> ruled(RetentionPlan plan) {
        Set<SnapshotLabel> labels = new HashSet<>();
        plan.keep().stream()
                .filter(kept -> !kept.rules().isEmpty())
                .forEach(kept -> labels.add(kept.snapshot().label()));
        return labels;
    }

    private static Set<SnapshotLabel> allOf(List<Candidate> snapshots) {
        Set<SnapshotLabel> labels = new HashSet<>();
        snapshots.forEach(snapshot -> labels.add(snapshot.label()));
        return labels;
    }

    /** The rules of the first, and those of the second that the first has not. */
    private static Keep widened(Keep keep, Keep more) {
        Map<Period, Integer> counts = new EnumMap<>(Period.class);
        counts.putAll(more.counts());
        counts.putAll(keep.counts());
        Map<Period, Span> spans = new EnumMap<>(Period.class);
        spans.putAll(more.spans());
        spans.putAll(keep.spans());
        return new Keep(
                keep.last().isPresent() ? keep.last() : more.last(),
                counts,
                Stream.of(keep.within(), more.within())
                        .flatMap(Optional::stream)
                        .findFirst(),
                spans,
                List.of());
    }

    private static Policy withKeep(Policy of, Keep keep) {
        return rebuilt(of, keep, of.combine(), of.space());
    }

    private static Policy combined(Policy of) {
        return rebuilt(of, of.keep(), Policy.Combine.ALL, of.space());
    }

    private static Policy withSpace(Policy of, SpaceRule space) {
        return rebuilt(of, of.keep(), of.combine(), Optional.of(space));
    }

    private static Policy rebuilt(Policy of, Keep keep, Policy.Combine combine, Optional<SpaceRule> space) {
        return new Policy(
                of.name(),
                of.match(),
                of.schedule(),
                of.label(),
                of.onlyIfChanged(),
                keep,
                of.representative(),
                of.gaps(),
                combine,
                of.reference(),
                of.minAge(),
                of.undoFor(),
                of.unmatched(),
                space,
                of.brake(),
                of.alarmAfter(),
                of.together(),
                of.hooks());
    }
}
