package io.varve.appliance.jmx;

import io.varve.access.AuditLog;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.security.Principal;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import javax.management.Attribute;
import javax.management.AttributeNotFoundException;
import javax.management.InvalidAttributeValueException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanException;
import javax.management.MBeanInfo;
import javax.management.MBeanNotificationInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import javax.management.Notification;
import javax.management.NotificationBroadcasterSupport;
import javax.management.ObjectName;
import javax.management.ReflectionException;
import javax.management.StandardEmitterMBean;
import javax.security.auth.Subject;

/**
 * An MXBean with the names and meanings its interface gives, which sends notifications.
 *
 * <p>What core refuses leaves as {@link IllegalArgumentException} where the request is at fault, else as
 * {@link IllegalStateException}, the message beginning with the code: classes that every client has.
 */
final class ManagedObject extends StandardEmitterMBean {
    private final NotificationBroadcasterSupport broadcaster;
    private final AuditLog audit;
    private final ObjectName name;

    private ManagedObject(
            Object implementation,
            Class<Object> type,
            ObjectName name,
            AuditLog audit,
            NotificationBroadcasterSupport broadcaster) {
        super(implementation, type, true, broadcaster);
        this.broadcaster = broadcaster;
        this.audit = audit;
        this.name = name;
    }

    @SuppressWarnings("unchecked")
    static <T> ManagedObject of(Bean<T> bean, ObjectName name, AuditLog audit) {
        MBeanNotificationInfo events = new MBeanNotificationInfo(
                new String[] {Notices.PREFIX}, Notification.class.getName(), "Something was done, or failed");
        return new ManagedObject(
                bean.implementation(),
                (Class<Object>) bean.type(),
                name,
                audit,
                new NotificationBroadcasterSupport(events));
    }

    void send(Notification notification) {
        broadcaster.sendNotification(notification);
    }

    @Override
    public Object getAttribute(String attribute)
            throws AttributeNotFoundException, MBeanException, ReflectionException {
        try {
            return super.getAttribute(attribute);
        } catch (StorageException refusal) {
            throw translated(refusal);
        }
    }

    @Override
    public void setAttribute(Attribute attribute)
            throws AttributeNotFoundException, InvalidAttributeValueException, MBeanException, ReflectionException {
        throw new AttributeNotFoundException("attributes are read; operations change things");
    }

    @Override
    public Object invoke(String operation, Object[] arguments, String[] signature)
            throws MBeanException, ReflectionException {
        try {
            Object answer = super.invoke(operation, arguments, signature);
            record(operation, "OK");
            return answer;
        } catch (StorageException refusal) {
            record(operation, refusal.code().name());
            throw translated(refusal);
        }
    }

    private void record(String operation, String outcome) {
        Stream<Principal> users =
                Optional.ofNullable(Subject.current()).stream().flatMap(user -> user.getPrincipals().stream());
        String who = users.map(Principal::getName).findFirst().orElse("anybody");
        audit.record(who, "jmx", operation + " of " + name, outcome);
    }

    private static RuntimeException translated(StorageException refusal) {
        String text = refusal.code() + ": " + refusal.getMessage();
        return isRequest(refusal.code()) ? new IllegalArgumentException(text) : new IllegalStateException(text);
    }

    private static boolean isRequest(ErrorCode code) {
        return switch (code) {
            case NAME_INVALID, PATH_NOT_ABSOLUTE, REQUEST_INVALID, OPTION_INVALID, DRIVER_UNKNOWN -> true;
            default -> false;
        };
    }

    @Override
    protected String getDescription(MBeanInfo info) {
        return meaning(getMBeanInterface());
    }

    @Override
    protected String getDescription(MBeanAttributeInfo info) {
        return find((info.isIs() ? "is" : "get") + info.getName(), 0)
                .map(ManagedObject::meaning)
                .orElse("");
    }

    @Override
    protected String getDescription(MBeanOperationInfo info) {
        return find(info).map(ManagedObject::meaning).orElse("");
    }

    @Override
    protected int getImpact(MBeanOperationInfo info) {
        return MBeanOperationInfo.ACTION;
    }

    @Override
    protected String getParameterName(MBeanOperationInfo operation, MBeanParameterInfo parameter, int index) {
        return find(operation)
                .map(method -> method.getParameters()[index].getName())
                .orElseGet(parameter::getName);
    }

    @Override
    protected String getDescription(MBeanOperationInfo operation, MBeanParameterInfo parameter, int index) {
        return find(operation)
                .map(method -> meaning(method.getParameters()[index]))
                .orElse("");
    }

    private Optional<Method> find(MBeanOperationInfo operation) {
        return find(operation.getName(), operation.getSignature().length);
    }

    /** No two operations of a name have the same number of parameters. */
    private Optional<Method> find(String name, int parameters) {
        return Arrays.stream(getMBeanInterface().getMethods())
                .filter(method -> method.getName().equals(name) && method.getParameterCount() == parameters)
                .findFirst();
    }

    private static String meaning(AnnotatedElement element) {
        Meaning meaning = element.getAnnotation(Meaning.class);
        return meaning == null ? "" : meaning.value();
    }
}
