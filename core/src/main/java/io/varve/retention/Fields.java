package io.varve.retention;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * One object of a document, read field by field. What is wrong is noted, not thrown; a field that is wrong reads as absent,
 * and so does one that is {@code null}. {@link #end()} notes the fields nobody asked for.
 */
final class Fields {
    private final String place;
    private final JsonNode node;
    private final Faults faults;
    private final List<String> known = new ArrayList<>();

    /** @param place where in the document the object stands; empty for the whole */
    Fields(String place, JsonNode node, Faults faults) {
        this.place = place;
        this.faults = faults;
        this.node = node.isObject() ? node : MissingNode.getInstance();
        if (!node.isObject() && !isAbsent(node)) {
            faults.add(place, "must be an object with fields, not " + describe(node));
        }
    }

    /** Whether the field is there, of whatever type. */
    boolean has(String name) {
        return !isAbsent(get(name));
    }

    /** Whether the field is absent or an empty list; a field of a wrong type is something, noted elsewhere. */
    boolean isNothing(String name) {
        JsonNode value = get(name);
        return isAbsent(value) || (value.isArray() && value.isEmpty());
    }

    Fields object(String name) {
        return new Fields(place(name), get(name), faults);
    }

    Optional<String> text(String name) {
        return of(name, "a text", JsonNode::isTextual).map(JsonNode::textValue);
    }

    boolean flag(String name) {
        return of(name, "true or false", JsonNode::isBoolean)
                .map(JsonNode::booleanValue)
                .orElse(false);
    }

    OptionalInt whole(String name, int least, int most) {
        String expected = "a whole number from " + least + (most == Integer.MAX_VALUE ? "" : " to " + most);
        Optional<JsonNode> number = of(name, expected, value -> isBetween(value, least, most));
        return number.map(value -> OptionalInt.of(value.intValue())).orElse(OptionalInt.empty());
    }

    Optional<Span> span(String name) {
        return of(name, "a duration such as \"24h\" or \"1y6M\"", JsonNode::isTextual)
                .flatMap(value -> faults.note(place(name), () -> Span.parse(value.textValue())));
    }

    <E extends Enum<E>> E choice(String name, E usual) {
        List<E> choices = List.of(usual.getDeclaringClass().getEnumConstants());
        String expected = choices.stream().map(Fields::spelling).collect(Collectors.joining("\" or \"", "\"", "\""));
        return of(name, expected, value -> choices.stream().anyMatch(choice -> isSpelled(choice, value)))
                .flatMap(value -> choices.stream()
                        .filter(choice -> isSpelled(choice, value))
                        .findFirst())
                .orElse(usual);
    }

    List<Glob> globs(String name) {
        List<Glob> globs = new ArrayList<>();
        JsonNode list = of(name, "a list of texts", JsonNode::isArray).orElse(MissingNode.getInstance());
        for (int i = 0; i < list.size(); i++) {
            String element = place(name) + "[" + i + "]";
            if (list.path(i).isTextual()) {
                String pattern = list.path(i).textValue();
                faults.note(element, () -> new Glob(pattern)).ifPresent(globs::add);
            } else {
                faults.add(element, "must be a text, not " + describe(list.path(i)));
            }
        }
        return globs;
    }

    /** The elements of a list; one that {@code reading} makes nothing of is noted as not being what was expected. */
    <T> List<T> list(String name, String expected, Function<JsonNode, Optional<T>> reading) {
        List<T> values = new ArrayList<>();
        JsonNode list = of(name, "a list", JsonNode::isArray).orElse(MissingNode.getInstance());
        for (int i = 0; i < list.size(); i++) {
            Optional<T> value = reading.apply(list.path(i));
            if (value.isEmpty()) {
                faults.add(place(name) + "[" + i + "]", "must be " + expected + ", not " + describe(list.path(i)));
            }
            value.ifPresent(values::add);
        }
        return values;
    }

    void fault(String problem) {
        faults.add(place, problem);
    }

    void fault(String name, String problem) {
        faults.add(place(name), problem);
    }

    /** Notes every field that was not asked for. */
    void end() {
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            if (!known.contains(field.getKey())) {
                faults.add(
                        place,
                        "unknown field " + Refusal.quote(field.getKey()) + ", known are "
                                + String.join(", ", new TreeSet<>(known)));
            }
        }
    }

    static String spelling(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT);
    }

    String place(String name) {
        return place.isEmpty() ? name : place + "." + name;
    }

    private Optional<JsonNode> of(String name, String expected, Predicate<JsonNode> fits) {
        JsonNode value = get(name);
        if (isAbsent(value)) {
            return Optional.empty();
        }
        if (!fits.test(value)) {
            faults.add(place(name), "must be " + expected + ", not " + describe(value));
            return Optional.empty();
        }
        return Optional.of(value);
    }

    private JsonNode get(String name) {
        known.add(name);
        return node.path(name);
    }

    private static boolean isBetween(JsonNode value, int least, int most) {
        return value.isIntegralNumber()
                && value.canConvertToInt()
                && value.intValue() >= least
                && value.intValue() <= most;
    }

    private static boolean isSpelled(Enum<?> choice, JsonNode value) {
        return value.isTextual() && spelling(choice).equals(value.textValue());
    }

    private static boolean isAbsent(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }

    private static String describe(JsonNode value) {
        return switch (value.getNodeType()) {
            case ARRAY -> "a list";
            case OBJECT, POJO -> "an object";
            case STRING, BINARY, NUMBER, BOOLEAN -> Refusal.quote(value.asText());
            case NULL, MISSING -> "nothing";
        };
    }
}
