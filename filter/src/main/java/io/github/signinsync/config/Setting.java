// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.config;

import io.github.signinsync.config.SigninSyncConfig.Builder;
import io.github.signinsync.config.SigninSyncConfig.HttpSessionBinding;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.BiConsumer;

/**
 * One constant for each setting, so that every place that can set it spells it alike: the init-param {@code
 * requiredPaths}, the builder method {@code requiredPaths(..)}, the system property {@code signinSync.requiredPaths} and
 * the variable {@code SIGNIN_SYNC_REQUIRED_PATHS}.
 */
public enum Setting {
    /** See {@link Builder#issuer}. */
    ISSUER("issuer", "required", list(Builder::issuer)),
    /** See {@link Builder#jwksUrl}. */
    JWKS_URL("jwksUrl", "issuer's /.well-known/jwks.json", Builder::jwksUrl),
    /** See {@link Builder#audience}. */
    AUDIENCE("audience", "unchecked", list(Builder::audience)),
    /** See {@link Builder#authorizedParties}. */
    AUTHORIZED_PARTIES("authorizedParties", "unchecked", list(Builder::authorizedParties)),
    /** See {@link Builder#algorithms}. */
    ALGORITHMS("algorithms", "RS256, ES256", list(Builder::algorithms)),
    /** See {@link Builder#leeway}. */
    LEEWAY("leeway", "60s", duration(Builder::leeway)),
    /** See {@link Builder#maxTokenLife}. */
    MAX_TOKEN_LIFE("maxTokenLife", "24h", duration(Builder::maxTokenLife)),
    /** See {@link Builder#bearer}. */
    BEARER("bearer", "false", flag(Builder::bearer)),
    /** See {@link Builder#cookieName}. */
    COOKIE_NAME("cookieName", "__Host-signin", Builder::cookieName),
    /** See {@link Builder#cookiePath}. */
    COOKIE_PATH("cookiePath", "/", Builder::cookiePath),
    /** See {@link Builder#cookieDomain}. */
    COOKIE_DOMAIN("cookieDomain", "this host", Builder::cookieDomain),
    /** See {@link Builder#cookieSecure}. */
    COOKIE_SECURE("cookieSecure", "true", flag(Builder::cookieSecure)),
    /** See {@link Builder#cookieSameSite}. */
    COOKIE_SAME_SITE("cookieSameSite", "Lax", Builder::cookieSameSite),
    /** See {@link Builder#syncPath}. */
    SYNC_PATH("syncPath", "/signin-sync", Builder::syncPath),
    /** See {@link Builder#syncOrigins}. */
    SYNC_ORIGINS("syncOrigins", "own origin", list(Builder::syncOrigins)),
    /** See {@link Builder#requiredPaths}. */
    REQUIRED_PATHS("requiredPaths", "none", list(Builder::requiredPaths)),
    /** See {@link Builder#ignoredPaths}. */
    IGNORED_PATHS("ignoredPaths", "none", list(Builder::ignoredPaths)),
    /** See {@link Builder#loginPage}. */
    LOGIN_PAGE("loginPage", "none (401)", Builder::loginPage),
    /** See {@link Builder#httpSession}. */
    HTTP_SESSION("httpSession", "bind", Setting::httpSession),
    /** See {@link Builder#lapsedLimit}. */
    LAPSED_LIMIT("lapsedLimit", "30m", duration(Builder::lapsedLimit)),
    /** See {@link Builder#resyncPage}. */
    RESYNC_PAGE("resyncPage", "true", flag(Builder::resyncPage)),
    /** See {@link Builder#resyncScripts}. */
    RESYNC_SCRIPTS("resyncScripts", "none", list(Builder::resyncScripts)),
    /** See {@link Builder#nameClaim}. */
    NAME_CLAIM("nameClaim", "sub", Builder::nameClaim),
    /** See {@link Builder#rolesClaim}. */
    ROLES_CLAIM("rolesClaim", "roles", Builder::rolesClaim),
    /** See {@link Builder#jwksRefresh}. */
    JWKS_REFRESH("jwksRefresh", "5m", duration(Builder::jwksRefresh)),
    /** See {@link Builder#jwksMaxStale}. */
    JWKS_MAX_STALE("jwksMaxStale", "24h", duration(Builder::jwksMaxStale)),
    /** See {@link Builder#jwksCooldown}. */
    JWKS_COOLDOWN("jwksCooldown", "10s", duration(Builder::jwksCooldown)),
    /** See {@link Builder#enabled}. */
    ENABLED("enabled", "true", flag(Builder::enabled));

    private final String key;
    private final String defaultText;
    private final BiConsumer<Builder, String> applier;

    Setting(String key, String defaultText, BiConsumer<Builder, String> applier) {
        this.key = key;
        this.defaultText = defaultText;
        this.applier = applier;
    }

    /** Returns the name as an init-param and builder method, such as {@code requiredPaths}. */
    public String key() {
        return key;
    }

    /** Returns the name as a system property, such as {@code signinSync.requiredPaths}. */
    public String property() {
        return ConfigReader.PROPERTY_PREFIX + key;
    }

    /** Returns the name as an environment variable, such as {@code SIGNIN_SYNC_REQUIRED_PATHS}. */
    public String variable() {
        return ConfigReader.VARIABLE_PREFIX + name();
    }

    /** Returns the default as a person would write it. */
    public String defaultText() {
        return defaultText;
    }

    /**
     * Tells whether this setting can make more tokens trusted. Such a setting is never taken from a wider scope than the
     * issuer's. What only narrows (audience, authorized parties) is: leaving it out would let in what somebody excluded.
     */
    boolean isTrust() {
        return switch (this) {
            case ISSUER, JWKS_URL, ALGORITHMS -> true;
            default -> false;
        };
    }

    /**
     * Gives the builder this setting's value.
     *
     * @throws IllegalArgumentException if the text is not a value of this setting
     */
    void apply(Builder builder, String text) {
        applier.accept(builder, text.strip());
    }

    private static BiConsumer<Builder, String> list(BiConsumer<Builder, String[]> setter) {
        return (builder, text) -> setter.accept(builder, text.split("\\s*,\\s*|\\s*\\R\\s*", -1));
    }

    private static BiConsumer<Builder, String> duration(BiConsumer<Builder, Duration> setter) {
        return (builder, text) -> setter.accept(builder, Durations.parse(text));
    }

    private static BiConsumer<Builder, String> flag(BiConsumer<Builder, Boolean> setter) {
        return (builder, text) -> setter.accept(
                builder,
                switch (text.toLowerCase(Locale.ROOT)) {
                    case "true" -> true;
                    case "false" -> false;
                    default -> throw new IllegalArgumentException("Write true or false.");
                });
    }

    private static void httpSession(Builder builder, String text) {
        HttpSessionBinding binding = Arrays.stream(HttpSessionBinding.values())
                .filter(value -> value.name().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("Write bind, create or ignore."));
        builder.httpSession(binding);
    }
}
