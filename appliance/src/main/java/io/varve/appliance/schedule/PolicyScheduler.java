package io.varve.appliance.schedule;

import io.quarkus.runtime.Startup;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduler;
import io.varve.policy.MissedRuns;
import io.varve.policy.PolicyBook;
import io.varve.policy.PolicyRunner;
import io.varve.policy.RunBook;
import io.varve.policy.RunReport;
import io.varve.retention.Policy;
import io.varve.retention.Schedule;
import io.varve.spi.StorageException;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;

/** Has every policy with a schedule run when it is due, each run in a thread of its own. */
@Startup
@Singleton
public class PolicyScheduler {
    private static final Logger LOG = Logger.getLogger(PolicyScheduler.class);

    private final Scheduler scheduler;
    private final PolicyBook book;
    private final PolicyRunner runner;
    private final RunBook runs;
    private final Clock clock;
    private final ExecutorService work = Executors.newCachedThreadPool(
            Thread.ofPlatform().name("schedule-", 0).daemon().factory());
    private final Map<String, Policy> scheduled = new HashMap<>();

    @Inject
    public PolicyScheduler(Scheduler scheduler, PolicyBook book, PolicyRunner runner, RunBook runs, Clock clock) {
        this.scheduler = scheduler;
        this.book = book;
        this.runner = runner;
        this.runs = runs;
        this.clock = clock;
    }

    @PostConstruct
    void begin() {
        work.execute(runner::settle);
        book.onChange(this::follow);
        follow();
        new MissedRuns(book, runs, Due::next).find(clock).forEach(this::makeUp);
    }

    @PreDestroy
    void end() {
        work.shutdown();
    }

    private synchronized void follow() {
        Map<String, Policy> wanted = new HashMap<>();
        book.all().stream()
                .filter(policy -> policy.schedule().isPresent())
                .forEach(policy -> wanted.put(policy.name(), policy));
        scheduled.values().stream()
                .filter(policy -> !policy.equals(wanted.get(policy.name())))
                .map(Policy::name)
                .toList()
                .forEach(this::unschedule);
        wanted.values().stream()
                .filter(policy -> !scheduled.containsKey(policy.name()))
                .forEach(this::schedule);
    }

    private void unschedule(String name) {
        scheduler.unscheduleJob(name);
        scheduled.remove(name);
    }

    private void schedule(Policy policy) {
        Schedule schedule = policy.schedule().orElseThrow();
        Scheduler.JobDefinition<?> job = scheduler
                .newJob(policy.name())
                .setTimeZone(schedule.zone().getId())
                .setConcurrentExecution(Scheduled.ConcurrentExecution.SKIP);
        switch (schedule.timing()) {
            case Schedule.Cron(String expression) -> job.setCron(expression);
            case Schedule.Every(var interval) -> {
                Instant now = clock.instant();
                job.setInterval(Due.length(interval, now).toString());
                job.setDelayed(
                        Due.rest(interval, runs.lastRun(policy.name()), now).toString());
            }
        }
        job.setTask(execution -> run(policy, schedule)).schedule();
        scheduled.put(policy.name(), policy);
    }

    private void makeUp(Policy policy) {
        LOG.infof("policy %s missed a run; it runs now", policy.name());
        work.execute(() -> run(policy, policy.schedule().orElseThrow()));
    }

    private void run(Policy policy, Schedule schedule) {
        try {
            Thread.sleep(jitter(schedule));
            // In a thread of its own: the next time is not missed because one volume is not done yet.
            work.execute(() -> takeAndPrune(policy.name()));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void takeAndPrune(String name) {
        try {
            tell(runner.takeDue(name));
            tell(runner.prune(name));
        } catch (StorageException failure) {
            LOG.errorf("policy %s: %s", name, failure.getMessage());
        }
    }

    private Duration jitter(Schedule schedule) {
        long most = Due.length(schedule.jitter(), clock.instant()).toMillis();
        return Duration.ofMillis(most == 0 ? 0 : ThreadLocalRandom.current().nextLong(most + 1));
    }

    private static void tell(RunReport report) {
        for (RunReport.OfVolume volume : report.volumes()) {
            for (RunReport.Failure failure : volume.failures()) {
                LOG.errorf(
                        "policy %s on %s/%s: %s: %s %s",
                        report.policy(),
                        volume.store(),
                        volume.volume(),
                        failure.step(),
                        failure.code(),
                        failure.detail());
            }
        }
    }
}
