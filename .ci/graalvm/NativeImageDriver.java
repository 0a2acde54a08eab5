import java.io.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.util.*;
import java.util.jar.*;
import java.util.stream.*;
import java.util.zip.*;

/** Minimal stand-in for GraalVM's native-image driver: turns driver options into a builder command line. */
public class NativeImageDriver {
    static final Path HOME = Path.of(System.getProperty("driver.home"));
    static final String GVERSION = System.getProperty("driver.graal.version");
    static final Map<String, String> BOOL = new HashMap<>();   // option -> -H:+X
    static final Map<String, String> VAL = new HashMap<>();    // option=v -> -H:X=v
    static final Map<String, String> DEF = new HashMap<>();    // value when no "=" given
    static {
        for (String s : """
            shared SharedLibrary|static StaticExecutable|static-nolibc StaticExecutableWithDynamicLibC|silent BuildOutputSilent
            list-cpu-features ListCPUFeatures|report-unsupported-elements-at-runtime ReportUnsupportedElementsAtRuntime
            allow-incomplete-classpath AllowIncompleteClasspath|strict-image-heap StrictImageHeap|list-modules ListModules
            enable-all-security-services EnableAllSecurityServices|install-exit-handlers InstallExitHandlers
            native-image-info DumpTargetInfo|configure-reflection-metadata ConfigureReflectionMetadata""".split("[|\n]")) {
            String[] p = s.trim().split(" "); BOOL.put("--" + p[0], p[1]);
        }
        for (String s : """
            features Features|link-at-build-time LinkAtBuildTime|link-at-build-time-paths LinkAtBuildTimePaths|future-defaults FutureDefaults
            add-exports AddExports|add-opens AddOpens|add-reads AddReads|enable-native-access EnableNativeAccess
            enable-monitoring EnableMonitoringFeatures|libc UseLibC|target TargetPlatform|parallelism NumberOfThreads
            trace-class-initialization TraceClassInitialization|trace-object-instantiation TraceObjectInstantiation
            enable-url-protocols EnableURLProtocols|color Color|native-compiler-path CCompilerPath|native-compiler-options CCompilerOption
            exact-reachability-metadata ThrowMissingRegistrationErrors|exact-reachability-metadata-path ThrowMissingRegistrationErrorsPaths""".split("[|\n]")) {
            String[] p = s.trim().split(" "); VAL.put("--" + p[0], p[1]);
        }
        DEF.put("--link-at-build-time", ""); DEF.put("--enable-monitoring", "all"); DEF.put("--exact-reachability-metadata", ""); DEF.put("--future-defaults", "all");
    }
    final List<String> javaArgs = new ArrayList<>(), hosted = new ArrayList<>(), positional = new ArrayList<>(), addModules = new ArrayList<>();
    final LinkedHashSet<Path> cp = new LinkedHashSet<>();
    final List<Path> mp = new ArrayList<>();
    final List<String[]> excludes = new ArrayList<>();
    String mainClass, name, mainModule; boolean verbose, fromUser = true; Path jar; String origin = "user";
    final Map<String, String> env = new HashMap<>();

    public static void main(String[] a) throws Exception { System.exit(new NativeImageDriver().run(a)); }

    void h(String opt, String value) { hosted.add("-H:" + opt + "@" + origin + "+api=" + value); }
    void hb(String opt, boolean v) { hosted.add("-H:" + (v ? "+" : "-") + opt + "@" + origin + "+api"); }

    int run(String[] a) throws Exception {
        Deque<String> q = new ArrayDeque<>(Arrays.asList(a));
        process(q, null);
        if (jar != null) addClasspath(jar);
        if (cp.isEmpty() && mp.isEmpty()) cp.add(Path.of(".").toAbsolutePath().normalize());
        if (jar != null) {
            if (mainClass == null && !positionalClass()) mainClass = manifest(jar).getValue("Main-Class");
            String mf = manifest(jar).getValue("Enable-Native-Access"); if (mf != null) h("EnableNativeAccess", mf);
            for (String k : new String[]{"Add-Exports", "Add-Opens"}) { String v = manifest(jar).getValue(k); if (v != null) for (String e : v.trim().split("\\s+")) { h(k.replace("-", ""), e + "=ALL-UNNAMED"); javaArgs.add("--" + k.toLowerCase() + "=" + e + "=ALL-UNNAMED"); } }
        }
        for (Path p : new ArrayList<>(cp)) scanMeta(p);
        for (Path p : new ArrayList<>(mp)) scanMeta(p);
        if (jar != null) { if (!positional.isEmpty() && name == null) name = positional.get(0); }
        else if (mainClass == null && mainModule == null && !positional.isEmpty()) { mainClass = positional.get(0); if (positional.size() > 1 && name == null) name = positional.get(1); }
        origin = "driver";
        if (mainClass != null) hosted.add("-H:Class@explicit main-class=" + mainClass);
        if (name == null) name = jar != null ? jar.getFileName().toString().replaceFirst("\\.jar$", "") : mainClass == null ? "image" : mainClass.toLowerCase();
        Path out = Path.of(name).toAbsolutePath().normalize();
        List<String> cmd = new ArrayList<>();
        cmd.add(HOME.resolve("bin/java").toString());
        cmd.add("@" + HOME.resolve("lib/svm/builder-exports.args"));
        cmd.addAll(List.of("-XX:+UnlockExperimentalVMOptions", "-XX:+EnableJVMCI", "-XX:-UseJVMCICompiler", "-XX:+UseParallelGC", "-XX:+UseStringDeduplication", "-Xss10m",
            "-XX:GCTimeRatio=9", "-XX:+ExitOnOutOfMemoryError", "-XX:-UsePerfData", "-Djava.awt.headless=true", "-Xshare:auto",
            "-Dorg.graalvm.vendor=registry-build", "-Dorg.graalvm.vendorversion=Mandrel-" + GVERSION + ".0-Final", "-Dorg.graalvm.version=" + GVERSION,
            "-Dcom.oracle.graalvm.isaot=true", "-Djdk.internal.lambda.disableEagerInitialization=true", "-Djava.system.class.loader=com.oracle.svm.hosted.NativeImageSystemClassLoader",
            "-Dorg.graalvm.nativeimage.imagecode=buildtime", "-Dnative-image.root=" + HOME, "--illegal-native-access=allow"));
        if (javaArgs.stream().noneMatch(s -> s.startsWith("-Xmx"))) cmd.add("-XX:MaxRAMPercentage=75");
        cmd.add("--add-modules=ALL-DEFAULT" + (addModules.isEmpty() ? "" : "," + String.join(",", addModules)));
        if (!addModules.isEmpty()) cmd.add("-Dsvm.modulesupport.addedModules=" + String.join(",", addModules));
        cmd.addAll(javaArgs);
        cmd.add("--upgrade-module-path"); cmd.add(jars(HOME.resolve("lib/svm/upgrade")));
        cmd.add("--module-path"); cmd.add(jars(HOME.resolve("lib/svm/builder")));
        cmd.add("--module"); cmd.add("org.graalvm.nativeimage.builder/com.oracle.svm.hosted.NativeImageGeneratorRunner");
        List<String> b = new ArrayList<>();
        b.add("-imagecp"); b.add(cp.stream().map(Path::toString).collect(Collectors.joining(":")));
        if (!mp.isEmpty()) { b.add("-imagemp"); b.add(mp.stream().map(Path::toString).collect(Collectors.joining(":"))); }
        b.add("-H:CLibraryPath@driver+api=" + HOME.resolve("lib/svm/clibraries/linux-amd64"));
        b.add("-H:Path@driver+api=" + out.getParent());
        b.add("-H:Name@driver+api=" + out.getFileName());
        b.add("-H:ImageBuildID@driver+api=" + UUID.nameUUIDFromBytes((cp + "" + hosted).getBytes(StandardCharsets.UTF_8)));
        b.addAll(hosted);
        Path argf = Files.createTempFile("native-image", ".args");
        Files.writeString(argf, String.join("\0", b));
        cmd.add("--image-args-file=" + argf);
        if (verbose) { System.out.println(String.join(" \\\n", cmd)); System.out.println(String.join(" \\\n  ", b)); }
        ProcessBuilder pb = new ProcessBuilder(cmd).inheritIO();
        pb.environment().putAll(env);
        pb.environment().remove("JAVA_TOOL_OPTIONS"); pb.environment().remove("JDK_JAVA_OPTIONS");
        int rc = pb.start().waitFor();
        Files.deleteIfExists(argf);
        return rc;
    }
    boolean positionalClass() { return false; }
    String jars(Path d) throws IOException { try (var s = Files.list(d)) { return s.filter(p -> p.toString().endsWith(".jar")).sorted().map(Path::toString).collect(Collectors.joining(":")); } }

    void process(Deque<String> q, String from) throws Exception {
        while (!q.isEmpty()) {
            String s = q.poll();
            if (s.isEmpty()) continue;
            String key = s, val = null; int eq = s.indexOf('=');
            if (s.startsWith("--") && eq > 0) { key = s.substring(0, eq); val = s.substring(eq + 1); }
            if (s.startsWith("@")) { q = prepend(q, tokens(Files.readString(Path.of(s.substring(1))))); }
            else if (s.startsWith("-J")) javaArgs.add(s.substring(2));
            else if (s.startsWith("-D")) { javaArgs.add(s); }
            else if (s.startsWith("-E")) { String e = s.substring(2); int i = e.indexOf('='); if (i > 0) env.put(e.substring(0, i), e.substring(i + 1)); }
            else if (s.startsWith("-V")) { }
            else if (s.equals("-cp") || s.equals("-classpath") || s.equals("--class-path")) { for (String e : q.poll().split(":")) addCpPattern(e); }
            else if (key.equals("--class-path") ) { for (String e : val.split(":")) addCpPattern(e); }
            else if (s.equals("-p") || s.equals("--module-path")) { for (String e : q.poll().split(":")) mp.add(Path.of(e).toAbsolutePath().normalize()); }
            else if (s.equals("-m") || s.equals("--module")) { mainModule = q.poll(); String[] mm = mainModule.split("/"); hosted.add("-H:Module@driver+api=" + mm[0]); if (mm.length > 1) mainClass = mm[1]; }
            else if (s.equals("-jar")) { jar = Path.of(q.poll()).toAbsolutePath().normalize(); }
            else if (s.equals("-o")) { name = q.poll(); }
            else if (s.equals("--verbose")) verbose = true;
            else if (s.equals("--diagnostics-mode")) { }
            else if (s.equals("--version")) { version(); System.exit(0); }
            else if (s.equals("--no-fallback")) h("FallbackThreshold", "0");
            else if (s.equals("--auto-fallback")) h("FallbackThreshold", "5");
            else if (s.equals("--enable-http") || s.equals("--enable-https")) h("EnableURLProtocols", s.substring(9));
            else if (s.equals("--exclude-config")) { excludes.add(new String[]{q.poll(), q.poll()}); }
            else if (s.equals("--add-modules")) addModules.addAll(List.of(q.poll().split(",")));
            else if (key.equals("--add-modules")) addModules.addAll(List.of(val.split(",")));
            else if (key.equals("--gc")) { if (val.equals("epsilon")) hb("UseEpsilonGC", true); else if (!val.equals("serial")) throw new IllegalArgumentException("gc " + val); }
            else if (key.equals("--initialize-at-build-time") || key.equals("--initialize-at-run-time") || key.equals("--rerun-class-initialization-at-runtime") || key.equals("--delay-class-initialization-to-runtime")) {
                String suf = key.equals("--initialize-at-build-time") ? ":build_time" : ":run_time";
                h("ClassInitialization", Arrays.stream((val == null ? "" : val).split(",")).map(x -> x.trim() + suf).collect(Collectors.joining(",")));
            }
            else if (key.equals("--macro") || key.startsWith("--macro:") || key.startsWith("--language:") || key.startsWith("--tool:")) throw new IllegalArgumentException(s);
            else if (BOOL.containsKey(s)) hb(BOOL.get(s), true);
            else if (VAL.containsKey(key)) {
                if (val == null) val = DEF.containsKey(key) ? DEF.get(key) : q.poll();
                h(VAL.get(key), val);
                if (key.equals("--add-exports") || key.equals("--add-opens") || key.equals("--add-reads")) javaArgs.add(key + "=" + val);
            }
            else if (s.equals("-g")) h("GenerateDebugInfo", "2");
            else if (s.matches("-O.")) h("Optimize", s.substring(2));
            else if (s.startsWith("-march=")) h("MicroArchitecture", s.substring(7));
            else if (s.equals("-ea") || s.startsWith("-ea:") || s.equals("-da")) { }
            else if (s.startsWith("-H:") || s.startsWith("-R:")) {
                if (s.startsWith("-H:IncludeConfigurationResources")) continue;
                hosted.add(s);
            }
            else if (s.startsWith("-")) throw new IllegalArgumentException("unknown option " + s + (from == null ? "" : " from " + from));
            else positional.add(s);
        }
    }
    static Deque<String> prepend(Deque<String> q, List<String> l) { for (int i = l.size() - 1; i >= 0; i--) q.addFirst(l.get(i)); return q; }
    void addCpPattern(String e) throws IOException {
        if (e.isEmpty()) e = ".";
        if (e.endsWith("/*") || e.equals("*")) { try (var s = Files.list(Path.of(e.substring(0, e.length() - 1).isEmpty() ? "." : e.substring(0, e.length() - 1)))) { for (Path p : s.filter(x -> x.toString().endsWith(".jar")).sorted().toList()) addClasspath(p); } }
        else addClasspath(Path.of(e));
    }
    void addClasspath(Path p) throws IOException {
        p = p.toAbsolutePath().normalize();
        if (!Files.exists(p) || !cp.add(p)) return;
        if (Files.isRegularFile(p)) { String c = manifest(p).getValue("Class-Path"); if (c != null) for (String e : c.trim().split("\\s+")) if (!e.isEmpty()) addClasspath(p.getParent().resolve(e.startsWith("file:") ? e.substring(5) : e)); }
    }
    static Attributes manifest(Path j) throws IOException { try (JarFile f = new JarFile(j.toFile())) { Manifest m = f.getManifest(); return m == null ? new Attributes() : m.getMainAttributes(); } catch (ZipException e) { return new Attributes(); } }
    static final Map<String, String> CONF = Map.of("reflect-config.json", "ReflectionConfigurationResources", "jni-config.json", "JNIConfigurationResources", "proxy-config.json", "DynamicProxyConfigurationResources",
        "resource-config.json", "ResourceConfigurationResources", "serialization-config.json", "SerializationConfigurationResources", "predefined-classes-config.json", "PredefinedClassesConfigurationResources",
        "reachability-metadata.json", "ReachabilityMetadataResources");
    void scanMeta(Path p) throws Exception {
        if (Files.isDirectory(p)) {
            Path r = p.resolve("META-INF/native-image"); if (!Files.isDirectory(r)) return;
            List<Path> fs; try (var s = Files.walk(r)) { fs = s.filter(Files::isRegularFile).sorted().toList(); }
            for (Path f : fs) meta(p, p.relativize(f).toString(), () -> { try { return Files.newInputStream(f); } catch (IOException e) { throw new UncheckedIOException(e); } });
        } else if (p.toString().endsWith(".jar")) {
            try (ZipFile z = new ZipFile(p.toFile())) {
                for (ZipEntry e : z.stream().filter(x -> x.getName().startsWith("META-INF/native-image/") && !x.isDirectory()).sorted(Comparator.comparing(ZipEntry::getName)).toList())
                    meta(p, e.getName(), () -> { try { return z.getInputStream(e); } catch (IOException ex) { throw new UncheckedIOException(ex); } });
            }
        }
    }
    void meta(Path container, String res, java.util.function.Supplier<InputStream> in) throws Exception {
        for (String[] x : excludes) if (java.util.regex.Pattern.compile(x[0]).matcher(container.toString()).find() && java.util.regex.Pattern.compile(x[1]).matcher("/" + res).find()) return;
        String f = res.substring(res.lastIndexOf('/') + 1), dir = res.substring(0, res.lastIndexOf('/'));
        String jarOrigin = Files.isDirectory(container) ? container.resolve(res).toUri().toString() : "jar:" + container.toUri() + "!/" + res;
        if (f.equals("native-image.properties")) {
            Properties pr = new Properties(); try (InputStream i = in.get()) { pr.load(i); }
            String ja = pr.getProperty("JavaArgs"); if (ja != null) for (String t : tokens(ja)) javaArgs.add(t);
            if (name == null && pr.getProperty("ImageName") != null) name = pr.getProperty("ImageName");
            String args = pr.getProperty("Args");
            if (args != null) { String o = origin; origin = jarOrigin; List<String> ts = tokens(args.replace("${.}", dir)); Deque<String> dq = new ArrayDeque<>(); for (String t : ts) dq.add(t); process(dq, jarOrigin); origin = o; }
        } else if (CONF.containsKey(f)) hosted.add("-H:" + CONF.get(f) + "@" + jarOrigin + "+api=" + res);
    }
    static List<String> tokens(String s) {
        List<String> r = new ArrayList<>(); StringBuilder b = new StringBuilder(); boolean in = false, any = false; char qc = 0;
        for (char c : s.toCharArray()) {
            if (in) { if (c == qc) in = false; else b.append(c); }
            else if (c == '"' || c == '\'') { in = true; any = true; qc = c; }
            else if (Character.isWhitespace(c)) { if (b.length() > 0 || any) r.add(b.toString()); b.setLength(0); any = false; }
            else b.append(c);
        }
        if (b.length() > 0 || any) r.add(b.toString());
        return r;
    }
    static void version() {
        String rv = System.getProperty("java.runtime.version").replaceFirst("-LTS$", "") + "-LTS";
        System.out.println("native-image " + System.getProperty("java.version") + " " + System.getProperty("java.version.date"));
        System.out.println("OpenJDK Runtime Environment Mandrel-" + GVERSION + ".0-Final (build " + rv + ")");
        System.out.println("OpenJDK 64-Bit Server VM Mandrel-" + GVERSION + ".0-Final (build " + rv + ", mixed mode)");
    }
}
