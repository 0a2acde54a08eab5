package io.varve.appliance.rest;

import org.junit.jupiter.api.Test;

import java.util.stream.Collectors;

import static org.assertj.core.api.Assertions.assertThat;

class AuthorizationTest {
    /** A new call is added here after a thought about who may make it. {@code *}: also who is bound to other stores. */
    private static final String CALLS = """
            DELETE /operations/{id} OPERATOR
            DELETE /policies/{policy} ADMIN
            DELETE /stores/{store} ADMIN
            DELETE /stores/{store}/exports/{export} ADMIN
            DELETE /stores/{store}/volumes/{volume} OPERATOR
            DELETE /stores/{store}/volumes/{volume}/snapshots/{label} OPERATOR
            DELETE /stores/{store}/volumes/{volume}/snapshots/{label}/holds/{owner} OPERATOR
            DELETE /stores/{store}/volumes/{volume}/tags/{tag} OPERATOR
            DELETE /tokens/{token} ADMIN
            GET /audit ADMIN
            GET /drivers VIEWER *
            GET /events VIEWER
            GET /iostat VIEWER *
            GET /operations VIEWER
            GET /operations/{id} VIEWER
            GET /policies VIEWER
            GET /policies/{policy} VIEWER
            GET /status VIEWER
            GET /stores VIEWER
            GET /stores/{store} VIEWER
            GET /stores/{store}/exports VIEWER
            GET /stores/{store}/exports/{export} VIEWER
            GET /stores/{store}/status VIEWER
            GET /stores/{store}/volumes VIEWER
            GET /stores/{store}/volumes/{volume} VIEWER
            GET /stores/{store}/volumes/{volume}/snapshots VIEWER
            GET /stores/{store}/volumes/{volume}/snapshots/{label} VIEWER
            GET /stores/{store}/volumes/{volume}/snapshots/{label}/archive OPERATOR
            GET /stores/{store}/volumes/{volume}/snapshots/{label}/content OPERATOR
            GET /stores/{store}/volumes/{volume}/snapshots/{label}/diff OPERATOR
            GET /stores/{store}/volumes/{volume}/snapshots/{label}/files OPERATOR
            GET /stores/{store}/volumes/{volume}/snapshots/{label}/metadata OPERATOR
            GET /stores/{store}/volumes/{volume}/snapshots/{label}/metadata/{name} OPERATOR
            GET /stores/{store}/volumes/{volume}/tags/{tag} VIEWER
            GET /tokens ADMIN
            POST /archives/verify VIEWER *
            POST /policies/{policy}/preview VIEWER
            POST /policies/{policy}/run OPERATOR
            POST /policies/{policy}/simulate VIEWER
            POST /retention/plan VIEWER *
            POST /stores ADMIN
            POST /stores/{store}/exports ADMIN
            POST /stores/{store}/volumes OPERATOR
            POST /stores/{store}/volumes/{volume}/archives/{label} OPERATOR
            POST /stores/{store}/volumes/{volume}/release OPERATOR
            POST /stores/{store}/volumes/{volume}/resize OPERATOR
            POST /stores/{store}/volumes/{volume}/snapshots OPERATOR
            POST /stores/{store}/volumes/{volume}/snapshots/{label}/rollback OPERATOR
            POST /tokens ADMIN
            PUT /policies/{policy} ADMIN
            PUT /stores/{store}/volumes/{volume}/snapshots/{label}/holds/{owner} OPERATOR
            PUT /stores/{store}/volumes/{volume}/snapshots/{label}/metadata/{name} OPERATOR
            PUT /stores/{store}/volumes/{volume}/snapshots/{label}/tags/{tag} OPERATOR
            """;

    @Test
    void everyCallNeedsTheRoleThatWasThoughtOf() {
        String rules = Call.all().stream()
                .map(call -> call + " " + text(Authorization.rule(call.method())) + "\n")
                .collect(Collectors.joining());

        assertThat(rules).isEqualTo(CALLS);
    }

    private static String text(Authorization.Rule rule) {
        return rule.role() + (rule.ofStores() ? "" : " *");
    }
}
