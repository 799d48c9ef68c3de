// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.config;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Everything the filter is told, checked and immutable. Made by {@link #builder()} or, in a deployed application, by
 * {@link ConfigReader}; may be shared between threads.
 *
 * @param enabled false lets every request through untouched
 * @param token what a token must be
 * @param keys where signing keys come from and how long they are good
 * @param cookie the cookies the filter issues
 * @param session what becomes of {@code HttpSession}, name and roles
 * @param access which paths need a user
 * @param sync the endpoint the script talks to
 * @param resync the page that brings a returning user back
 */
public record SigninSyncConfig(
        boolean enabled,
        Token token,
        Keys keys,
        Cookie cookie,
        Session session,
        Access access,
        Sync sync,
        Resync resync) {

    /**
     * What a token must be.
     *
     * @param issuers accepted {@code iss} values, compared exactly; the first is the issuer, the others its aliases
     * @param audience accepted {@code aud} values; empty for any
     * @param authorizedParties accepted {@code azp} values; empty for any
     * @param algorithms accepted signature algorithms, asymmetric ones only
     * @param leeway tolerated clock difference, for {@code exp}, {@code nbf} and {@code iat}
     * @param maxLife longest accepted time from issue to expiry
     */
    public record Token(
            List<String> issuers,
            Set<String> audience,
            Set<String> authorizedParties,
            Set<String> algorithms,
            Duration leeway,
            Duration maxLife) {}

    /**
     * Where signing keys come from and how long they are good.
     *
     * @param jwksUrl the issuer's key set
     * @param refresh age at which the set must have been read again
     * @param maxStale age at which a set that could not be read again is no longer trusted
     * @param cooldown least time between two reads for unknown key ids
     */
    public record Keys(URI jwksUrl, Duration refresh, Duration maxStale, Duration cooldown) {}

    /**
     * The cookies the filter issues.
     *
     * @param name name of the token cookie, prefix included
     * @param path its {@code Path}
     * @param domain its {@code Domain}, or null for this host only
     * @param secure whether it has {@code Secure}
     * @param sameSite its {@code SameSite}: Strict, Lax or None
     */
    public record Cookie(String name, String path, @Nullable String domain, boolean secure, String sameSite) {

        /** Returns the name of the readable companion cookie, which holds no secret. */
        public String markName() {
            return name + "-mark";
        }

        /** Returns the name of the cookie that each sign-out renews, so that an answer from before it counts no more. */
        public String generationName() {
            return name + "-gen";
        }

        /** Returns the name of the cookie that each change of user renews, for the same reason. */
        public String switchName() {
            return name + "-switch";
        }

        /** Returns the name of the cookie beside the token that says after which of these it was given. */
        public String twinName() {
            return name + "-n";
        }
    }

    /**
     * What becomes of {@code HttpSession}, name and roles.
     *
     * @param binding whether sessions are bound to users
     * @param lapsedLimit how long a session whose login expired is kept for its user's return
     * @param nameClaim the claim that becomes the principal's name
     * @param rolesClaim the claim that holds the roles; dots lead into nested objects
     * @param bearer whether {@code Authorization: Bearer} is read, and then wins over cookies
     */
    public record Session(
            HttpSessionBinding binding, Duration lapsedLimit, String nameClaim, String rolesClaim, boolean bearer) {}

    /** How the filter treats the application's {@code HttpSession}. */
    public enum HttpSessionBinding {
        /** Binds a session the application makes to the user it was made for; never makes one. */
        BIND,
        /** As {@link #BIND}, and makes one at sign-in. */
        CREATE,
        /** Leaves sessions alone. Only for applications that keep nothing about a user in them. */
        IGNORE
    }

    /**
     * Which paths need a user. Patterns are exact ({@code /account}) or prefixes ({@code /account/*}).
     *
     * @param requiredPaths need a signed-in user
     * @param ignoredPaths are let through unless they bring a bound session
     * @param loginPage where document requests are sent to sign in: a path of this application or an https URL; null for
     *     a plain 401
     */
    public record Access(
            List<String> requiredPaths,
            List<String> ignoredPaths,
            @Nullable String loginPage) {}

    /**
     * The endpoint the script talks to.
     *
     * @param path the folder of the endpoint and the script; empty if there is none and the provider sets the cookie
     * @param origins further origins that may sync, beside the application's own
     */
    public record Sync(String path, Set<String> origins) {

        /** Returns whether the endpoint and the script are served. */
        public boolean served() {
            return !path.isEmpty();
        }
    }

    /**
     * The page that brings a returning user back.
     *
     * @param enabled whether it is wanted
     * @param scripts what it loads before our own script
     */
    public record Resync(boolean enabled, List<Script> scripts) {

        /** Returns whether the page can be served: without the provider's script it could bring nobody back. */
        public boolean served() {
            return enabled && scripts.stream().anyMatch(script -> !script.isOurs());
        }
    }

    /**
     * A script of the resync page.
     *
     * @param url an absolute URL, or a path of this host
     * @param attributes the {@code data-} attributes of its tag
     */
    public record Script(String url, Map<String, String> attributes) {

        /** Returns whether this is our own script, which is loaded anyhow: then only the attributes count. */
        public boolean isOurs() {
            return url.startsWith("/") && url.endsWith("/signin-sync.classic.js");
        }
    }

    /** Returns a builder with every default set and no issuer. Builders are not for sharing between threads. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Collects settings. Each method checks its value, {@link #build()} their combination; both throw {@link
     * IllegalArgumentException} with a message that says what to write instead.
     */
    public static final class Builder {

        private static final Set<String> KNOWN_ALGORITHMS =
                Set.of("RS256", "RS384", "RS512", "ES256", "ES384", "ES512");
        private static final Pattern COOKIE_NAME = Pattern.compile("[A-Za-z0-9_.-]+");

        private boolean enabled = true;
        private List<String> issuers = List.of();
        private @Nullable URI jwksUrl;
        private Set<String> audience = Set.of();
        private Set<String> authorizedParties = Set.of();
        private Set<String> algorithms = Set.of("RS256", "ES256");
        private Duration leeway = Duration.ofSeconds(60);
        private Duration maxTokenLife = Duration.ofHours(24);
        private boolean bearer;
        private @Nullable String cookieName;
        private String cookiePath = "/";
        private @Nullable String cookieDomain;
        private boolean cookieSecure = true;
        private String cookieSameSite = "Lax";
        private String syncPath = "/signin-sync";
        private Set<String> syncOrigins = Set.of();
        private List<String> requiredPaths = List.of();
        private List<String> ignoredPaths = List.of();
        private @Nullable String loginPage;
        private HttpSessionBinding httpSession = HttpSessionBinding.BIND;
        private Duration lapsedLimit = Duration.ofMinutes(30);
        private boolean resyncPage = true;
        private List<Script> resyncScripts = List.of();
        private String nameClaim = "sub";
        private String rolesClaim = "roles";
        private Duration jwksRefresh = Duration.ofMinutes(5);
        private Duration jwksMaxStale = Duration.ofHours(24);
        private Duration jwksCooldown = Duration.ofSeconds(10);

        private Builder() {}

        /** Turns the filter off (false), so that every request passes untouched; on unless set. */
        public Builder enabled(boolean value) {
            enabled = value;
            return this;
        }

        /**
         * Names the issuer whose tokens are accepted, exactly as they spell it in {@code iss}; required. Further values
         * are aliases, for a provider behind a proxy.
         *
         * @see <a href="https://www.rfc-editor.org/rfc/rfc7519#section-4.1.1">RFC 7519, 4.1.1</a>
         */
        public Builder issuer(String... values) {
            List<String> checked = Checks.list("issuer", values);
            if (checked.isEmpty()) {
                throw Checks.invalid(
                        "issuer",
                        "must not be empty. Give the iss claim of your tokens, for example"
                                + " https://clerk.example.com");
            }
            issuers = checked;
            return this;
        }

        /**
         * Says where the key set is: an https URL, or http on a loopback address. The first issuer's {@code
         * /.well-known/jwks.json} unless set.
         */
        public Builder jwksUrl(String value) {
            jwksUrl = Checks.keySetUrl(value);
            return this;
        }

        /** Accepts only tokens whose {@code aud} has one of these values; unchecked unless set. */
        public Builder audience(String... values) {
            audience = Set.copyOf(Checks.list("audience", values));
            return this;
        }

        /** Accepts only tokens whose {@code azp} is one of these values; unchecked unless set. */
        public Builder authorizedParties(String... values) {
            authorizedParties = Set.copyOf(Checks.list("authorizedParties", values));
            return this;
        }

        /**
         * Accepts these signature algorithms: RS256 and ES256 unless set. The token cannot widen this list, and symmetric
         * algorithms do not exist here.
         *
         * @see <a href="https://www.rfc-editor.org/rfc/rfc8725#section-3.1">RFC 8725, 3.1</a>
         */
        public Builder algorithms(String... values) {
            Set<String> checked = new LinkedHashSet<>(Checks.list("algorithms", values));
            if (checked.isEmpty() || !KNOWN_ALGORITHMS.containsAll(checked)) {
                throw Checks.invalid("algorithms", "must name one or more of RS256, RS384, RS512, ES256, ES384, ES512");
            }
            algorithms = Set.copyOf(checked);
            return this;
        }

        /**
         * Tolerates this much difference between our clock and the issuer's when checking {@code exp}, {@code nbf} and
         * {@code iat}. Whole seconds, from zero to one hour; 60 seconds unless set.
         *
         * @throws IllegalArgumentException if negative, longer than one hour or not whole seconds
         * @see <a href="https://www.rfc-editor.org/rfc/rfc7519#section-4.1.4">RFC 7519, 4.1.4</a>
         */
        public Builder leeway(Duration value) {
            leeway = Checks.duration("leeway", value, Duration.ZERO, Duration.ofHours(1));
            return this;
        }

        /** Refuses tokens that live longer than this from issue to expiry; 24 hours unless set, one second to 366 days. */
        public Builder maxTokenLife(Duration value) {
            maxTokenLife = Checks.duration("maxTokenLife", value, Duration.ofSeconds(1), Duration.ofDays(366));
            return this;
        }

        /** Reads {@code Authorization: Bearer} too, and prefers it to cookies; off unless set. */
        public Builder bearer(boolean value) {
            bearer = value;
            return this;
        }

        /**
         * Names the token cookie. Unless set {@code __Host-signin}, or {@code signin} where the prefix's conditions
         * (Secure, path {@code /}, no domain) do not hold.
         */
        public Builder cookieName(String value) {
            if (!COOKIE_NAME.matcher(value).matches()) {
                throw Checks.invalid("cookieName", "may have letters, digits, '_', '-' and '.' only");
            }
            cookieName = value;
            return this;
        }

        /** Limits the cookies to a path of the host; {@code /} unless set. */
        public Builder cookiePath(String value) {
            cookiePath = Checks.path("cookiePath", value);
            return this;
        }

        /** Widens the cookies to a domain and all its hosts; this host only unless set. */
        public Builder cookieDomain(String value) {
            if (!COOKIE_NAME.matcher(value).matches()) {
                throw Checks.invalid("cookieDomain", "must be a host name such as example.com");
            }
            cookieDomain = value;
            return this;
        }

        /** Whether cookies are sent over https only; on unless set. Turn it off for plain http on a developer's machine. */
        public Builder cookieSecure(boolean value) {
            cookieSecure = value;
            return this;
        }

        /** Sets {@code SameSite}: Strict, Lax or None; Lax unless set. */
        public Builder cookieSameSite(String value) {
            cookieSameSite = switch (value.toLowerCase(Locale.ROOT)) {
                case "strict" -> "Strict";
                case "lax" -> "Lax";
                case "none" -> "None";
                default -> throw Checks.invalid("cookieSameSite", "must be Strict, Lax or None");
            };
            return this;
        }

        /**
         * Serves the endpoint and the script below this path of the application; {@code /signin-sync} unless set. Empty
         * means that the provider sets the cookie itself: the filter then only reads it.
         */
        public Builder syncPath(String value) {
            if (value.isEmpty()) {
                syncPath = value;
                return this;
            }
            String path = Checks.path("syncPath", value);
            if (path.equals("/") || path.endsWith("/")) {
                throw Checks.invalid("syncPath", "must name a folder without a slash at its end, such as /signin-sync");
            }
            syncPath = path;
            return this;
        }

        /**
         * Names further origins that this application has in browsers, each spelled as a browser does: scheme, host, and port
         * unless it is the scheme's own. Needed where a proxy changes the host name; none unless set. Pages of other sites
         * cannot sync, whatever is set here.
         */
        public Builder syncOrigins(String... values) {
            Set<String> checked = new LinkedHashSet<>();
            for (String origin : Checks.list("syncOrigins", values)) {
                if (!origin.matches("https?://[a-z0-9.:\\[\\]-]+")) {
                    throw Checks.invalid(
                            "syncOrigins",
                            "must be origins such as https://app.example.com, in lower case," + " without a path");
                }
                checked.add(origin);
            }
            syncOrigins = Set.copyOf(checked);
            return this;
        }

        /** Requires a user on these paths, exact or with {@code /*} at the end; none unless set. */
        public Builder requiredPaths(String... patterns) {
            requiredPaths = Checks.patterns("requiredPaths", patterns);
            return this;
        }

        /**
         * Leaves these paths alone, exact or with {@code /*} at the end, unless the request brings a session that is bound
         * to a user; none unless set. For static files and for endpoints with a login of their own.
         */
        public Builder ignoredPaths(String... patterns) {
            ignoredPaths = Checks.patterns("ignoredPaths", patterns);
            return this;
        }

        /**
         * Sends document requests that need a user here instead of answering 401: a path of this application, which then
         * gets the wanted path as the parameter {@code return}, or an https URL. Plain 401 unless set.
         */
        public Builder loginPage(String value) {
            boolean isPath = Checks.isPath(value) && !value.startsWith("//");
            if (!isPath && !value.startsWith("https://")) {
                throw Checks.invalid("loginPage", "must be a path of this application such as /login, or an https URL");
            }
            loginPage = value;
            return this;
        }

        /** Says how the application's sessions are treated; {@link HttpSessionBinding#BIND} unless set. */
        public Builder httpSession(HttpSessionBinding value) {
            httpSession = value;
            return this;
        }

        /**
         * Keeps a session whose login expired this long for the return of the same user, hidden from everybody; 30
         * minutes unless set, zero to seven days. Zero ends it at the first request after expiry.
         */
        public Builder lapsedLimit(Duration value) {
            lapsedLimit = Checks.duration("lapsedLimit", value, Duration.ZERO, Duration.ofDays(7));
            return this;
        }

        /**
         * Brings a user whose login expired back on the page they asked for, instead of sending them to the sign-in page:
         * the filter answers with a small page at the same URL that asks the provider for a token and loads again. On unless
         * set, and served only where {@link #resyncScripts} names the provider's script and {@link #syncPath} is not empty.
         */
        public Builder resyncPage(boolean value) {
            resyncPage = value;
            return this;
        }

        /**
         * Names the scripts that put the provider on the resync page, in their order: its SDK, and whatever of yours starts
         * it. Each is an https URL (http on localhost) or a path of this host such as {@code /app/start.js}, and may be
         * followed by attributes for its tag, {@code data-name=value}, separated by blanks. An entry for our own {@code
         * signin-sync.classic.js} gives that its attributes, as in your pages. None unless set, and then the page is not
         * served: it would have nobody to ask.
         */
        public Builder resyncScripts(String... values) {
            resyncScripts = Checks.list("resyncScripts", values).stream()
                    .map(value -> Checks.script("resyncScripts", value))
                    .toList();
            return this;
        }

        /** Takes the principal's name from this claim, which must be text; {@code sub} unless set. */
        public Builder nameClaim(String value) {
            nameClaim = Checks.claim("nameClaim", value);
            return this;
        }

        /**
         * Takes roles from this claim, a list or words separated by spaces; {@code roles} unless set. Dots lead into nested
         * objects, as in {@code realm_access.roles}, where no claim has the whole name.
         */
        public Builder rolesClaim(String value) {
            rolesClaim = Checks.claim("rolesClaim", value);
            return this;
        }

        /** Reads the key set again before it is this old; 5 minutes unless set, one second to 24 hours. */
        public Builder jwksRefresh(Duration value) {
            jwksRefresh = Checks.duration("jwksRefresh", value, Duration.ofSeconds(1), Duration.ofHours(24));
            return this;
        }

        /** Trusts a set that could not be read again for this long; 24 hours unless set, one second to 30 days. */
        public Builder jwksMaxStale(Duration value) {
            jwksMaxStale = Checks.duration("jwksMaxStale", value, Duration.ofSeconds(1), Duration.ofDays(30));
            return this;
        }

        /** Reads the set for unknown key ids at most this often; 10 seconds unless set, one second to one hour. */
        public Builder jwksCooldown(Duration value) {
            jwksCooldown = Checks.duration("jwksCooldown", value, Duration.ofSeconds(1), Duration.ofHours(1));
            return this;
        }

        /**
         * Checks the combination and returns the configuration.
         *
         * @throws IllegalArgumentException if the issuer is missing, no key set can be derived, or settings contradict each
         *     other
         */
        public SigninSyncConfig build() {
            if (issuers.isEmpty()) {
                throw Checks.invalid(
                        "issuer",
                        "is missing. Give the iss claim of your tokens, for example https://clerk.example.com. If web.xml"
                                + " declares the filter, its filter-name must be signin-sync");
            }
            if (jwksMaxStale.compareTo(jwksRefresh) < 0) {
                throw Checks.invalid("jwksMaxStale", "must not be shorter than jwksRefresh");
            }
            if (cookieSameSite.equals("None") && !cookieSecure) {
                throw Checks.invalid("cookieSameSite", "None needs cookieSecure, or browsers drop the cookie");
            }
            return new SigninSyncConfig(
                    enabled,
                    new Token(issuers, audience, authorizedParties, algorithms, leeway, maxTokenLife),
                    new Keys(keySetUrl(), jwksRefresh, jwksMaxStale, jwksCooldown),
                    cookie(),
                    new Session(httpSession, lapsedLimit, nameClaim, rolesClaim, bearer),
                    new Access(requiredPaths, ignoredPaths, loginPage),
                    new Sync(syncPath, syncOrigins),
                    new Resync(resyncPage, resyncScripts));
        }

        private URI keySetUrl() {
            if (jwksUrl != null) {
                return jwksUrl;
            }
            String issuer = issuers.get(0);
            String folder = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
            try {
                return Checks.keySetUrl(folder + "/.well-known/jwks.json");
            } catch (IllegalArgumentException notAUrl) {
                throw Checks.invalid("jwksUrl", "is missing, and the issuer is not an https URL to derive it from");
            }
        }

        private Cookie cookie() {
            boolean hostOnly = cookieSecure && cookiePath.equals("/") && cookieDomain == null;
            String name = cookieName;
            if (name == null) {
                name = hostOnly ? "__Host-signin" : "signin";
            } else if (name.startsWith("__Host-") && !hostOnly) {
                throw Checks.invalid(
                        "cookieName",
                        "starts with __Host-, which needs cookieSecure, cookiePath / and no"
                                + " cookieDomain. Drop the prefix or those settings");
            } else if (name.startsWith("__Secure-") && !cookieSecure) {
                throw Checks.invalid("cookieName", "starts with __Secure-, which needs cookieSecure");
            }
            return new Cookie(name, cookiePath, cookieDomain, cookieSecure, cookieSameSite);
        }
    }
}
