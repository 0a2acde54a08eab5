package io.varve.appliance.rest;

import io.varve.access.Caller;
import io.varve.access.Role;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ResourceInfo;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What the caller may do: his role against the one that the call {@link Needs}, his stores against the one it is about. */
public class Authorization {
    private final Map<Method, Rule> rules = new ConcurrentHashMap<>();

    /** @param ofStores whether the stores that a caller is bound to matter */
    record Rule(Role role, boolean ofStores) {}

    @ServerRequestFilter(priority = Priorities.AUTHORIZATION)
    public void check(ContainerRequestContext context, ResourceInfo resource) {
        if (context.getProperty(Access.CALLER) instanceof Caller caller) {
            Rule rule = rules.computeIfAbsent(resource.getResourceMethod(), Authorization::rule);
            Optional<String> store =
                    Optional.ofNullable(context.getUriInfo().getPathParameters().getFirst("store"));
            require(caller, rule, store);
        } else {
            throw new IllegalStateException("a call came in whose caller nobody looked at");
        }
    }

    private static void require(Caller caller, Rule rule, Optional<String> store) {
        Caller bound = rule.ofStores() ? caller : new Caller(caller.name(), caller.role(), Set.of());
        bound.require(rule.role(), store);
    }

    static Rule rule(Method method) {
        Role usual = method.isAnnotationPresent(GET.class) || method.isAnnotationPresent(HEAD.class)
                ? Role.VIEWER
                : Role.OPERATOR;
        Role role = find(method, Needs.class).map(Needs::value).orElse(usual);
        return new Rule(role, find(method, OfNoStore.class).isEmpty());
    }

    private static <T extends Annotation> Optional<T> find(Method method, Class<T> annotation) {
        return Optional.ofNullable(method.getAnnotation(annotation))
                .or(() -> Optional.ofNullable(method.getDeclaringClass().getAnnotation(annotation)));
    }
}
