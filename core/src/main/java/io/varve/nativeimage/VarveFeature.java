package io.varve.nativeimage;

import org.graalvm.nativeimage.hosted.Feature;

import java.util.List;

/**
 * Registers what is reached by reflection, and generates it from the class path, so that a new system call, driver, record
 * or management interface cannot be forgotten. native-image finds it through {@code META-INF/native-image}.
 */
public final class VarveFeature implements Feature {
    @Override
    public String getDescription() {
        return "Registers Varve's system calls, drivers, records and management interfaces";
    }

    @Override
    public void afterRegistration(AfterRegistrationAccess access) {
        SystemCalls.initializeAtRunTime();
    }

    @Override
    public void beforeAnalysis(BeforeAnalysisAccess access) {
        List<Class<?>> classes = new OwnClasses(access).all();
        new SystemCalls(access).register(classes);
        Drivers.register(access.getApplicationClassLoader());
        Records.register(classes);
        ManagementInterfaces.register(classes);
        RemoteManagement.register(access.getApplicationClassLoader());
    }
}
