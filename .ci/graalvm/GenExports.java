import java.lang.module.*; import java.nio.file.*; import java.util.*; import java.util.stream.*;
public class GenExports { public static void main(String[] a) throws Exception {
  ModuleFinder b = ModuleFinder.of(Arrays.stream(a[0].split(":")).map(Path::of).toArray(Path[]::new));
  List<String> bm = b.findAll().stream().map(m -> m.descriptor().name()).sorted().toList();
  Map<String, ModuleReference> all = new TreeMap<>();
  for (ModuleReference m : ModuleFinder.ofSystem().findAll()) all.put(m.descriptor().name(), m);
  for (ModuleReference m : b.findAll()) all.put(m.descriptor().name(), m);
  Set<String> src = new TreeSet<>(bm); src.addAll(List.of("java.base","java.management","jdk.management","java.instrument","java.logging","jdk.internal.vm.ci","jdk.jfr","java.xml","jdk.zipfs","java.security.sasl","java.security.jgss","java.naming","java.rmi","jdk.net","java.desktop","java.sql","jdk.crypto.ec","jdk.crypto.cryptoki","java.smartcardio","java.xml.crypto","java.prefs","jdk.localedata","jdk.charsets","jdk.internal.loader","jdk.unsupported","jdk.management.agent","java.management.rmi","jdk.management.jfr","jdk.sctp","jdk.security.auth","jdk.security.jgss","jdk.naming.rmi","jdk.jdi","jdk.httpserver","java.net.http","jdk.attach","java.scripting","jdk.compiler","java.compiler","jdk.dynalink"));
  String targets = String.join(",", bm) + ",ALL-UNNAMED"; StringBuilder o = new StringBuilder();
  for (String m : src) if (all.containsKey(m)) for (String p : new TreeSet<>(all.get(m).descriptor().packages())) { String t = bm.contains(m) ? targets + ",java.base" : targets; t = Arrays.stream(t.split(",")).filter(x -> !x.equals(m)).collect(Collectors.joining(",")); o.append((bm.contains(m) ? "--add-exports=" : "--add-opens=") + m + "/" + p + "=" + t + "\n"); }
  Files.writeString(Path.of(a[1]), o.toString());
} }
