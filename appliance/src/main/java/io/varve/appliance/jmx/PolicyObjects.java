package io.varve.appliance.jmx;

import io.varve.policy.PolicyBook;
import io.varve.policy.PolicyRunner;
import io.varve.policy.RunBook;
import io.varve.retention.Policy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import java.util.List;

/** The policies there are, and an object for each. */
@Singleton
public class PolicyObjects {
    private final PolicyBook book;
    private final PolicyRunner runner;
    private final RunBook runs;

    @Inject
    public PolicyObjects(PolicyBook book, PolicyRunner runner, RunBook runs) {
        this.book = book;
        this.runner = runner;
        this.runs = runs;
    }

    void onChange(Runnable listener) {
        book.onChange(listener);
    }

    List<String> names() {
        return book.all().stream().map(Policy::name).toList();
    }

    ManagedObject object(String name) {
        return ManagedObject.of(new PolicyBean(book, runner, runs, name), PolicyMXBean.class);
    }
}
