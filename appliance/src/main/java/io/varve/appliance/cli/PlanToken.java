package io.varve.appliance.cli;

import com.fasterxml.jackson.databind.JsonNode;

/** The token of a plan: what carries out exactly that plan. */
final class PlanToken {
    private PlanToken() {}

    /** Empty where the document is no plan. */
    static String of(JsonNode plan) {
        return Json.text(plan, "token");
    }
}
