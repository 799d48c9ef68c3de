// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.config;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the settings of one application from its three places, narrowest first: init-params, system properties,
 * environment. Whatever cannot be understood stops the start with a message that gives every spelling.
 */
public final class ConfigReader {

    private static final Logger LOG = System.getLogger(ConfigReader.class.getPackageName());

    static final String PROPERTY_PREFIX = "signinSync.";
    static final String VARIABLE_PREFIX = "SIGNIN_SYNC_";

    /** What Kubernetes puts into the environment of every neighbour of a service named signin-sync. */
    private static final Pattern FOREIGN = Pattern.compile("SIGNIN_SYNC_(SERVICE_.*|PORT(_.*)?)");

    private final List<Scope> scopes;

    /**
     * Makes a reader of the three places.
     *
     * @param initParams the filter's init-params by name
     * @param properties the system properties by name; names without our prefix are ignored
     * @param environment the environment variables by name; names without our prefix are ignored
     */
    public ConfigReader(
            Map<String, String> initParams, Map<String, String> properties, Map<String, String> environment) {
        scopes = List.of(
                new Scope("init-param", initParams, "", Setting::key),
                new Scope("system property", properties, PROPERTY_PREFIX, Setting::property),
                new Scope("environment variable", environment, VARIABLE_PREFIX, Setting::variable));
    }

    /**
     * Returns the checked configuration.
     *
     * @throws IllegalArgumentException if a name is unknown, a value is refused or settings contradict each other
     */
    public SigninSyncConfig read() {
        scopes.forEach(Scope::refuseUnknownNames);
        SigninSyncConfig.Builder builder = SigninSyncConfig.builder();
        int issuerScope = firstScopeOf(Setting.ISSUER, scopes.size());
        for (Setting setting : Setting.values()) {
            int widest = setting.isTrust() && issuerScope < scopes.size() ? issuerScope + 1 : scopes.size();
            int found = firstScopeOf(setting, widest);
            if (found < widest) {
                scopes.get(found).apply(setting, builder);
            } else {
                tellIgnored(setting, widest);
            }
        }
        try {
            return builder.build();
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            throw new IllegalArgumentException("Signin Sync: " + message + spellings(message), e);
        }
    }

    private int firstScopeOf(Setting setting, int widest) {
        for (int i = 0; i < widest; i++) {
            if (scopes.get(i).value(setting) != null) {
                return i;
            }
        }
        return widest;
    }

    private void tellIgnored(Setting setting, int widest) {
        for (Scope scope : scopes.subList(widest, scopes.size())) {
            if (setting != Setting.ISSUER && scope.value(setting) != null) {
                LOG.log(
                        Level.WARNING,
                        "Signin Sync: the {0} {1} is not used, because issuer is set more narrowly. Set {2} there too.",
                        scope.kind(),
                        scope.spelling().apply(setting),
                        setting.key());
            }
        }
    }

    private static String spellings(String message) {
        return Arrays.stream(Setting.values())
                .filter(setting -> message.startsWith(setting.key() + " "))
                .map(ConfigReader::spellings)
                .collect(Collectors.joining());
    }

    private static String spellings(Setting setting) {
        return " Set it as init-param " + setting.key() + ", system property " + setting.property()
                + " or environment variable " + setting.variable() + ".";
    }

    /** One place that settings come from. */
    private record Scope(String kind, Map<String, String> values, String prefix, Function<Setting, String> spelling) {

        @Nullable
        String value(Setting setting) {
            return values.get(spelling.apply(setting));
        }

        void apply(Setting setting, SigninSyncConfig.Builder builder) {
            String text = value(setting);
            if (text == null) {
                return;
            }
            try {
                refuseBlank(setting, text);
                setting.apply(builder, text);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(
                        "Signin Sync: the " + kind + " " + spelling.apply(setting) + " is refused: " + e.getMessage()
                                + spellings(setting),
                        e);
            }
        }

        /** A placeholder that nobody filled in must not switch a check off. */
        private static void refuseBlank(Setting setting, String text) {
            if (text.isBlank() && setting != Setting.SYNC_PATH) {
                throw new IllegalArgumentException("it is blank. Leave it out, or give it a value.");
            }
        }

        void refuseUnknownNames() {
            Set<String> known = Arrays.stream(Setting.values()).map(spelling).collect(Collectors.toSet());
            List<String> unknown = new ArrayList<>();
            for (String name : values.keySet()) {
                if (name.startsWith(prefix)
                        && !known.contains(name)
                        && !FOREIGN.matcher(name).matches()) {
                    unknown.add(name);
                }
            }
            if (!unknown.isEmpty()) {
                throw new IllegalArgumentException("Signin Sync: unknown " + kind + " "
                        + unknown.stream().sorted().collect(Collectors.joining(", ")) + ". Known are: "
                        + known.stream().sorted().collect(Collectors.joining(", ")) + ".");
            }
        }
    }
}
