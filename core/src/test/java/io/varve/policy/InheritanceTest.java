package io.varve.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.varve.retention.Origin;
import io.varve.retention.Policy;
import io.varve.retention.PolicyCodec;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

class InheritanceTest {
    private static final String DEFAULTS = "{'keep':{'daily':7},'minAge':'1h','brake':{'maxRemovePercent':20}}";
    private static final String PLAIN = PolicyStage.ALL;

    @TempDir
    Path directory;

    private PolicyBook book(String defaults, JsonNode... configured) {
        PolicyBook book = new PolicyBook(
                directory.resolve("policies"),
                new PolicyCodec(cron -> Optional.empty(), json(defaults)),
                new RunBook(directory.resolve("policies")));
        book.load(List.of(configured), damaged -> {
            throw new AssertionError(damaged);
        });
        return book;
    }

    private static JsonNode json(String text) {
        try {
            return new JsonMapper().readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException malformed) {
            throw new UncheckedIOException(malformed);
        }
    }

    @Test
    void aPolicyHasTheDefaultsThatItDoesNotSayItself() {
        PolicyBook book = book(DEFAULTS);

        book.put("p", json("{" + PLAIN + ",'minAge':'2h'}"));

        assertThat(shown(book, "p").at("/keep/daily").asInt()).isEqualTo(7);
        assertThat(shown(book, "p").path("minAge").asText()).isEqualTo("2h");
        assertThat(book.origins("p"))
                .contains(
                        entry("keep", Origin.DEFAULTS),
                        entry("brake", Origin.DEFAULTS),
                        entry("minAge", Origin.POLICY),
                        entry("match", Origin.POLICY),
                        entry("gaps", Origin.BUILT_IN))
                .doesNotContainKey("name");
    }

    @Test
    void rulesOfTwoLevelsAreNotMixed() {
        PolicyBook book = book(DEFAULTS);

        book.put("p", json("{" + PLAIN + ",'keep':{'last':3}}"));

        assertThat(shown(book, "p").path("keep")).isEqualTo(json("{'last':3}"));
    }

    @Test
    void aPolicyThatSaysItKeepsEverythingInheritsNoRules() {
        PolicyBook book = book(DEFAULTS);

        book.put("p", json("{" + PLAIN + ",'keep':{}}"));

        assertThat(shown(book, "p").path("keep")).isEmpty();
        assertThat(book.origins("p")).containsEntry("keep", Origin.POLICY);
    }

    @Test
    void whatIsInheritedFollowsTheDefaultsOverARestart() {
        book(DEFAULTS).put("p", json("{" + PLAIN + ",'undoFor':'3d'}"));

        PolicyBook later = book("{'keep':{'daily':9},'undoFor':'1d'}");

        assertThat(shown(later, "p").at("/keep/daily").asInt()).isEqualTo(9);
        assertThat(shown(later, "p").path("minAge").asText()).isEqualTo("0s");
        assertThat(shown(later, "p").path("undoFor").asText()).isEqualTo("3d");
        assertThat(later.origins("p")).containsEntry("undoFor", Origin.POLICY).containsEntry("minAge", Origin.BUILT_IN);
    }

    @Test
    void whatIsShownAndSetAgainGoesOnInheritingButForWhatWasEdited() {
        PolicyBook book = book(DEFAULTS);
        JsonNode shown = json("{" + PLAIN
                + ",'keep':{'daily':7},'minAge':'9h','gaps':'skip','label':'x-{utc}','origins':"
                + "{'keep':'defaults','minAge':'defaults','gaps':'built-in','label':'policy'}}");

        book.put("p", book.codec().asSet(shown));

        assertThat(book.origins("p"))
                .contains(
                        entry("keep", Origin.DEFAULTS),
                        entry("gaps", Origin.BUILT_IN),
                        entry("minAge", Origin.POLICY),
                        entry("label", Origin.POLICY));
        assertThat(shown(book, "p").path("minAge").asText()).isEqualTo("9h");
    }

    @Test
    void policiesOfTheConfigurationFileInheritToo() {
        PolicyBook book = book(DEFAULTS, json("{'name':'c'," + PLAIN + "}"));

        assertThat(shown(book, "c").at("/keep/daily").asInt()).isEqualTo(7);
        assertThat(book.origins("c")).containsEntry("keep", Origin.DEFAULTS);
    }

    @Test
    void rulesThatAreOnlyComputedWithInheritNothing() {
        Policy policy = book(DEFAULTS).codec().readRules("r", json("{}"));

        assertThat(book(DEFAULTS).codec().write(policy).path("keep")).isEmpty();
    }

    @Test
    void withoutDefaultsEverythingIsThePolicysOwnOrBuiltIn() {
        PolicyBook book = book("null");

        book.put("p", json("{" + PLAIN + "}"));

        assertThat(book.origins("p").values()).containsOnly(Origin.POLICY, Origin.BUILT_IN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'name':'x'}",
                "{'match':{'stores':['*'],'volumes':['*']}}",
                "{'hooks':{'before':['/bin/true']}}",
                "{'unmatched':'include'}",
                "{'together':true}",
                "{'onlyIfChanged':true}",
                "{'keep':{'daily':-2}}",
                "{'kepe':{'daily':2}}",
                "{'schedule':{'cron':'0 0 * * * ?','zone':'Europe/Atlantis'}}",
                "['keep']"
            })
    void defaultsThatAreWrongAreRefused(String defaults) {
        assertThatThrownBy(() -> book(defaults))
                .isInstanceOfSatisfying(StorageException.class, refused -> assertThat(refused.code())
                        .isEqualTo(ErrorCode.REQUEST_INVALID))
                .hasMessageContaining("the defaults of policies");
    }

    private static JsonNode shown(PolicyBook book, String policy) {
        return book.codec().write(book.require(policy));
    }
}
