package io.varve.appliance.config;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Gives the settings to whoever wants them injected. */
@Singleton
public class InstalledSettings {
    @Produces
    @Singleton
    Settings settings() {
        return Settings.installed();
    }
}
