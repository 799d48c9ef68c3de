// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.demo.launcher;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the launcher reads from the environment.
 *
 * @param host the address to listen on, {@code DEMO_HOST}; the loopback address unless set
 * @param port the application's port, {@code DEMO_PORT}; 0 takes any
 * @param providerPort the stand-in provider's port, {@code DEMO_PROVIDER_PORT}; 0 takes any
 * @param tokenLife how long the stand-in provider's tokens live, {@code DEMO_TOKEN_SECONDS}
 * @param frontEnd the provider's script and its attributes, {@code DEMO_FRONT_END} and {@code DEMO_PUBLISHABLE_KEY}, or null
 * @param ownIssuer whether {@code SIGNIN_SYNC_ISSUER} names a real issuer, so that no stand-in is needed
 */
record DemoSettings(
        String host,
        int port,
        int providerPort,
        Duration tokenLife,
        @Nullable String frontEnd,
        boolean ownIssuer) {

    static DemoSettings from(Map<String, String> environment) {
        return new DemoSettings(
                environment.getOrDefault("DEMO_HOST", "localhost"),
                number(environment, "DEMO_PORT", 8080, 0, 65_535),
                number(environment, "DEMO_PROVIDER_PORT", 9090, 0, 65_535),
                Duration.ofSeconds(number(environment, "DEMO_TOKEN_SECONDS", 30, 2, 3600)),
                frontEnd(environment),
                environment.containsKey("SIGNIN_SYNC_ISSUER"));
    }

    private static @Nullable String frontEnd(Map<String, String> environment) {
        String script = environment.get("DEMO_FRONT_END");
        String key = environment.get("DEMO_PUBLISHABLE_KEY");
        return script == null || key == null ? script : script + " data-clerk-publishable-key=" + key;
    }

    /** Returns the host as browsers call it; nobody can type the address that stands for all addresses. */
    String hostInUrls() {
        return host.equals("0.0.0.0") || host.equals("::") ? "localhost" : host;
    }

    private static int number(Map<String, String> environment, String name, int otherwise, int least, int most) {
        String text = environment.getOrDefault(name, String.valueOf(otherwise));
        if (!text.matches("\\d{1,5}") || Integer.parseInt(text) < least || Integer.parseInt(text) > most) {
            throw new IllegalArgumentException(name + " must be a number from " + least + " to " + most + ".");
        }
        return Integer.parseInt(text);
    }
}
