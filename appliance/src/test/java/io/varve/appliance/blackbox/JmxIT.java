package io.varve.appliance.blackbox;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.rmi.AccessException;
import java.rmi.registry.LocateRegistry;
import java.rmi.registry.Registry;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.management.MBeanServerConnection;
import javax.management.MalformedObjectNameException;
import javax.management.Notification;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The JMX door, through the JDK's remote client. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class JmxIT {
    private static final String[] TWO_TEXTS = {String.class.getName(), String.class.getName()};
    private static final String[] ONE_TEXT = {String.class.getName()};
    private static final ObjectName APPLIANCE = name("type=Appliance");
    private static final ObjectName STORE = name("type=Store,name=default");

    private final Appliance appliance = new Appliance();
    private final int port = Appliance.freePort();
    private final Path root = Files.createTempDirectory("varve-jmx-");

    JmxIT() throws IOException {}

    @BeforeAll
    void start() throws IOException {
        appliance
                .with("VARVE_JMX_PORT", Integer.toString(port))
                .configured("stores:\n  - { name: default, driver: rsync, root: '" + root.resolve("store") + "' }\n")
                .start();
    }

    @AfterAll
    void end() {
        appliance.close();
        Roots.remove(root);
    }

    private static ObjectName name(String properties) {
        try {
            return new ObjectName("io.varve:" + properties);
        } catch (MalformedObjectNameException wrong) {
            throw new IllegalArgumentException(wrong);
        }
    }

    private static ObjectName volume(String name) {
        return name("type=Volume,store=default,name=" + name);
    }

    @SuppressWarnings("BanJNDI") // the very thing that JConsole does
    private JMXConnector connect(String user, String password) throws IOException {
        JMXServiceURL url = new JMXServiceURL("service:jmx:rmi:///jndi/rmi://127.0.0.1:" + port + "/jmxrmi");
        return JMXConnectorFactory.connect(url, Map.of(JMXConnector.CREDENTIALS, new String[] {user, password}));
    }

    private JMXConnector connect(String user) throws IOException {
        return connect(user, password(user));
    }

    private String password(String user) throws IOException {
        try (Stream<String> lines = Files.lines(appliance.state().resolve("jmx.password"))) {
            return lines.map(line -> line.split(" ", 2))
                    .filter(line -> line[0].equals(user))
                    .map(line -> line[1])
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void whatIsMadeOverRestIsThereAtOnceAndTheReverse() throws Exception {
        try (JMXConnector connector = connect("admin")) {
            MBeanServerConnection server = connector.getMBeanServerConnection();

            appliance
                    .api()
                    .post("/api/v1/stores/default/volumes", "{'name':'rest'}")
                    .expect(201);
            assertThat(server.isRegistered(volume("rest"))).isTrue();
            server.invoke(STORE, "createVolume", new Object[] {"jmx"}, ONE_TEXT);
            assertThat(server.isRegistered(volume("jmx"))).isTrue();
            appliance.api().get("/api/v1/stores/default/volumes/jmx").expect(200);

            appliance.api().delete("/api/v1/stores/default/volumes/jmx").expect(204);
            assertThat(server.isRegistered(volume("jmx"))).isFalse();
            server.invoke(STORE, "removeVolume", new Object[] {"rest"}, ONE_TEXT);
            appliance.api().get("/api/v1/stores/default/volumes/rest").expect(404);
            assertThat(appliance.api().get("/api/v1/audit").expect(200).items("action"))
                    .contains("removeVolume of " + STORE);
            assertThat(appliance.api().get("/api/v1/audit").expect(200).items("who"))
                    .contains("admin");
        }
    }

    @Test
    void aVolumeIsSnapshottedTaggedRolledBackAndCleanedUp() throws Exception {
        try (JMXConnector connector = connect("admin")) {
            MBeanServerConnection server = connector.getMBeanServerConnection();
            server.invoke(STORE, "createVolume", new Object[] {"work"}, ONE_TEXT);
            ObjectName volume = volume("work");
            Path file = Path.of((String) server.getAttribute(volume, "Path")).resolve("file");
            Files.writeString(file, "first");

            server.invoke(volume, "snapshot", new Object[] {"one", "by hand"}, TWO_TEXTS);
            server.invoke(volume, "tag", new Object[] {"one", "release"}, TWO_TEXTS);
            Files.writeString(file, "second");
            Object undo = server.invoke(
                    volume, "rollback", new Object[] {"one", false}, new String[] {String.class.getName(), "boolean"});

            assertThat(file).hasContent("first");
            CompositeData[] snapshots = (CompositeData[]) server.getAttribute(volume, "Snapshots");
            assertThat(Arrays.stream(snapshots).map(snapshot -> snapshot.get("label")))
                    .containsExactly("one", undo);
            assertThat(snapshots[0].get("message")).isEqualTo("by hand");
            assertThat((String[]) snapshots[0].get("tags")).containsExactly("release");

            server.invoke(volume, "untag", new Object[] {"release"}, ONE_TEXT);
            server.invoke(volume, "removeSnapshot", new Object[] {"one"}, ONE_TEXT);
            assertThat(server.getAttribute(volume, "SnapshotCount")).isEqualTo(1);
        }
    }

    @Test
    void whatIsSharedIsSeenAndNoStrangerIsNamedAsAClient() throws Exception {
        try (JMXConnector connector = connect("admin")) {
            MBeanServerConnection server = connector.getMBeanServerConnection();
            String[] parameters = {
                String.class.getName(), String[].class.getName(), boolean.class.getName(), boolean.class.getName()
            };
            Object[] wrong = {"", new String[] {"host(rw)"}, false, true};

            assertThatThrownBy(() -> server.invoke(STORE, "share", wrong, parameters))
                    .rootCause()
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("REQUEST_INVALID: ");
            server.invoke(STORE, "unshare", new Object[] {"absent"}, ONE_TEXT);
            assertThat((CompositeData[]) server.getAttribute(STORE, "Exports")).isEmpty();
        }
    }

    @Test
    void refusalsNameTheirCodeInClassesThatEveryClientHas() throws Exception {
        try (JMXConnector connector = connect("admin")) {
            MBeanServerConnection server = connector.getMBeanServerConnection();
            Object[] there = {"there"};
            server.invoke(STORE, "createVolume", there, ONE_TEXT);

            assertThatThrownBy(() -> server.invoke(STORE, "createVolume", there, ONE_TEXT))
                    .rootCause()
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("VOLUME_EXISTS: ");
            assertThatThrownBy(() -> server.invoke(STORE, "createVolume", new Object[] {"a/b"}, ONE_TEXT))
                    .rootCause()
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("NAME_INVALID: ");
            assertThatThrownBy(() -> server.invoke(STORE, "createVolume", new Object[] {"big", "ten"}, TWO_TEXTS))
                    .rootCause()
                    .hasMessageStartingWith("REQUEST_INVALID: field 'size' is not a size");
        }
    }

    @Test
    void policiesArePreviewedAndRun() throws Exception {
        appliance
                .api()
                .put("/api/v1/policies/nightly", "{'match':{'stores':['*'],'volumes':['kept']},'keep':{'last':1}}")
                .expect(201);
        try (JMXConnector connector = connect("admin")) {
            MBeanServerConnection server = connector.getMBeanServerConnection();
            server.invoke(STORE, "createVolume", new Object[] {"kept"}, ONE_TEXT);
            ObjectName policy = name("type=Policy,name=nightly");
            assertThat((String[]) server.getAttribute(policy, "Governs")).containsExactly("default/kept");

            CompositeData[] runs = (CompositeData[]) server.invoke(policy, "runPolicy", new Object[0], new String[0]);
            assertThat(runs).hasSize(1);
            assertThat(server.getAttribute(volume("kept"), "SnapshotCount")).isEqualTo(1);
            CompositeData preview =
                    (CompositeData) server.invoke(policy, "previewPolicy", new Object[0], new String[0]);
            CompositeData plan = ((CompositeData[]) preview.get("volumes"))[0];
            assertThat((String[]) plan.get("keep"))
                    .singleElement()
                    .asString()
                    .startsWith(runs[0].get("taken").toString())
                    .contains("last 1/1");

            appliance.api().delete("/api/v1/policies/nightly").expect(204);
            assertThat(server.isRegistered(policy)).isFalse();
        }
    }

    @Test
    void everythingIsDescribedAndEveryParameterHasItsName() throws Exception {
        try (JMXConnector connector = connect("viewer")) {
            MBeanServerConnection server = connector.getMBeanServerConnection();
            for (ObjectName name : server.queryNames(name("*"), null)) {
                var info = server.getMBeanInfo(name);
                assertThat(Stream.of(
                                        Stream.of(info.getDescription()),
                                        Arrays.stream(info.getAttributes()).map(each -> each.getDescription()),
                                        Arrays.stream(info.getOperations()).map(each -> each.getDescription()))
                                .flatMap(texts -> texts))
                        .as("descriptions of %s", name)
                        .allSatisfy(text -> assertThat(text).isNotBlank());
            }
            List<String> parameters = Arrays.stream(server.getMBeanInfo(STORE).getOperations())
                    .filter(operation ->
                            operation.getName().equals("createVolume") && operation.getSignature().length == 2)
                    .flatMap(operation -> Arrays.stream(operation.getSignature()))
                    .map(parameter -> parameter.getName())
                    .toList();
            assertThat(parameters).containsExactly("name", "size");
        }
    }

    @Test
    void whatHappensIsNotifiedWhicheverDoorItCameThrough() throws Exception {
        BlockingQueue<Notification> received = new LinkedBlockingQueue<>();
        try (JMXConnector connector = connect("viewer")) {
            MBeanServerConnection server = connector.getMBeanServerConnection();
            server.addNotificationListener(APPLIANCE, (notification, mark) -> received.add(notification), null, null);

            appliance
                    .api()
                    .post("/api/v1/stores/default/volumes", "{'name':'noted'}")
                    .expect(201);

            Notification notification = received.poll(20, TimeUnit.SECONDS);
            assertThat(notification).isNotNull();
            assertThat(notification.getType()).isEqualTo("io.varve.volume.create");
            assertThat(notification.getUserData())
                    .asInstanceOf(InstanceOfAssertFactories.MAP)
                    .containsEntry("volume", "noted")
                    .containsEntry("outcome", "OK");
        }
    }

    @Test
    void theDisksOfTheHostAreThereSoonAndSayTheSameOverRest() throws Exception {
        try (JMXConnector connector = connect("viewer")) {
            MBeanServerConnection server = connector.getMBeanServerConnection();
            ObjectName disks = name("type=IOStat,device=*");
            while (server.queryNames(disks, null).isEmpty()) {
                Appliance.pause();
            }
            assertThat(server.queryNames(disks, null).stream().map(disk -> disk.getKeyProperty("device")))
                    .containsExactlyInAnyOrderElementsOf(
                            appliance.api().get("/api/v1/iostat").expect(200).items("device"));
            ObjectName disk = server.queryNames(disks, null).iterator().next();
            assertThat((double) server.getAttribute(disk, "BusyPercent")).isBetween(0.0, 100.0);
            assertThat(appliance.varve("iostat").exited(0).out()).contains(disk.getKeyProperty("device"));
        }
    }

    @Test
    void aViewerReadsAndChangesNothing() throws Exception {
        try (JMXConnector connector = connect("viewer")) {
            MBeanServerConnection server = connector.getMBeanServerConnection();
            assertThat(server.getAttribute(STORE, "State")).isEqualTo("OPEN");
            assertThat((long) server.getAttribute(STORE, "TotalBytes")).isPositive();

            assertThatExceptionOfType(SecurityException.class)
                    .isThrownBy(() -> server.invoke(STORE, "createVolume", new Object[] {"sneaked"}, ONE_TEXT));
            appliance.api().get("/api/v1/stores/default/volumes/sneaked").expect(404);
        }
    }

    @Test
    void noArbitraryObjectIsMadeNotEvenByAnAdministrator() throws Exception {
        try (JMXConnector connector = connect("admin")) {
            assertThatExceptionOfType(SecurityException.class).isThrownBy(() -> connector
                    .getMBeanServerConnection()
                    .createMBean("javax.management.loading.MLet", name("type=Evil")));
        }
    }

    @Test
    void nobodyComesInWithoutThePasswordAndItIsForItsOwnerAlone() throws IOException {
        assertThatExceptionOfType(SecurityException.class).isThrownBy(() -> connect("admin", "guess"));
        assertThatExceptionOfType(SecurityException.class).isThrownBy(() -> connect("nobody", ""));
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(appliance.state().resolve("jmx.password"))))
                .isEqualTo("rw-------");
        assertThat(appliance.log()).doesNotContain(password("admin"));
    }

    @Test
    void noLocalUserPutsAServerOfHisOwnInPlaceOfOurs() throws Exception {
        Registry registry = LocateRegistry.getRegistry("127.0.0.1", port);

        assertThatThrownBy(() -> registry.unbind("jmxrmi")).hasCauseInstanceOf(AccessException.class);
        assertThatThrownBy(() -> registry.rebind("jmxrmi", registry.lookup("jmxrmi")))
                .hasCauseInstanceOf(AccessException.class);
    }

    @Test
    void aPasswordFileThatOthersMayReadIsRefusedAtTheStart() throws IOException {
        Path open = Files.writeString(root.resolve("passwords"), "admin secret\n");
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
        try (Appliance wrong = new Appliance()) {
            Programs.Outcome outcome = wrong.with("VARVE_JMX_PORT", "1")
                    .with("VARVE_JMX_PASSWORD_FILE", open.toString())
                    .varve("serve");
            assertThat(outcome.exited(1).err()).contains(open.toString(), "0600");
        }
    }
}
