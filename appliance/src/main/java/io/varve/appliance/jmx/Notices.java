package io.varve.appliance.jmx;

import io.varve.volume.Event;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.Notification;
import javax.management.ObjectName;

/** Events as notifications: of type {@code io.varve.} and the event's, user data as in {@code GET /events}. */
final class Notices {
    static final String PREFIX = "io.varve";

    private final AtomicLong sequence = new AtomicLong();

    Notification of(Event event, ObjectName source) {
        String outcome = event.failure().map(Enum::name).orElse("OK");
        Notification notification = new Notification(
                PREFIX + "." + event.type(),
                source,
                sequence.incrementAndGet(),
                event.time().toEpochMilli(),
                event.type() + " of " + event.subject() + ": " + outcome + " " + event.detail());
        notification.setUserData(data(event, outcome));
        return notification;
    }

    private static Map<String, String> data(Event event, String outcome) {
        Map<String, String> data = new HashMap<>();
        data.put("time", event.time().toString());
        data.put("type", event.type());
        data.put("store", event.subject().store().value());
        event.subject().volume().ifPresent(volume -> data.put("volume", volume.value()));
        event.subject().snapshot().ifPresent(label -> data.put("snapshot", label.value()));
        data.put("outcome", outcome);
        data.put("detail", event.detail());
        return data;
    }
}
