package io.varve.appliance.jmx;

import io.varve.policy.PolicyBook;
import io.varve.policy.PolicyRunner;
import io.varve.policy.RunBook;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

final class PolicyBean implements PolicyMXBean {
    private final PolicyBook book;
    private final PolicyRunner runner;
    private final RunBook runs;
    private final String name;

    PolicyBean(PolicyBook book, PolicyRunner runner, RunBook runs, String name) {
        this.book = book;
        this.runner = runner;
        this.runs = runs;
        this.name = name;
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public String getDefinition() {
        return book.codec().write(book.require(name)).toString();
    }

    @Override
    public boolean isReadOnly() {
        return book.isReadOnly(name);
    }

    @Override
    public List<String> getGoverns() {
        return runner.governed(book.require(name)).stream()
                .map(volume -> volume.store() + "/" + volume.name())
                .toList();
    }

    @Override
    public String getLastRun() {
        return runs.lastRun(name).map(Instant::toString).orElse("");
    }

    @Override
    public List<PolicyRunData> runPolicy() {
        return PolicyRunData.of(runner.run(name));
    }

    @Override
    public PolicyPreviewData previewPolicy() {
        return PolicyPreviewData.of(runner.preview(name, Optional.empty()));
    }

    @Override
    public List<PolicyRunData> prune(String token) {
        return PolicyRunData.of(runner.prune(name, token));
    }
}
