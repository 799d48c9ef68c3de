// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.config;

import io.github.signinsync.config.SigninSyncConfig.Script;
import java.net.URI;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a value of a setting must be. Each check returns the value, or throws with words that say what to write instead. */
final class Checks {

    private static final Pattern PATH = Pattern.compile("/[A-Za-z0-9._~/-]*");
    private static final Pattern ATTRIBUTE = Pattern.compile("data-[a-z0-9-]+");
    private static final Pattern CLAIM = Pattern.compile("\\S(.*\\S)?");

    private Checks() {}

    static URI keySetUrl(String value) {
        URI url;
        try {
            url = URI.create(value);
        } catch (IllegalArgumentException notAUri) {
            throw invalid("jwksUrl", "is not a URL");
        }
        boolean https = "https".equalsIgnoreCase(url.getScheme());
        boolean loopback = "http".equalsIgnoreCase(url.getScheme()) && isLoopback(url.getHost());
        if (url.getHost() == null || url.getUserInfo() != null || !(https || loopback)) {
            throw invalid(
                    "jwksUrl",
                    "must be an https URL (http only on localhost): keys fetched any other way"
                            + " could be anybody's");
        }
        return url;
    }

    private static boolean isLoopback(@Nullable String host) {
        return host != null
                && (host.equalsIgnoreCase("localhost") || host.matches("127(\\.\\d{1,3}){3}") || host.equals("[::1]"));
    }

    /** Reads a script's URL and the attributes of its tag, all separated by blanks. */
    static Script script(String setting, String text) {
        String[] words = text.split("\\s+");
        if (!isScriptUrl(words[0])) {
            throw invalid(
                    setting,
                    "has '" + words[0] + "'. Write an https URL (http only on localhost) or a path of this host such as"
                            + " /app/assets/provider.js");
        }
        Map<String, String> attributes = new LinkedHashMap<>();
        for (String word : Arrays.asList(words).subList(1, words.length)) {
            int end = word.indexOf('=');
            String name = end < 0 ? word : word.substring(0, end);
            if (!ATTRIBUTE.matcher(name).matches()) {
                throw invalid(
                        setting,
                        "has '" + word + "' after a URL. Only attributes go there, written data-name=value; separate"
                                + " scripts by commas");
            }
            attributes.put(name, end < 0 ? "" : word.substring(end + 1));
        }
        return new Script(words[0], Collections.unmodifiableMap(attributes));
    }

    private static boolean isScriptUrl(String value) {
        URI url;
        try {
            url = URI.create(value);
        } catch (IllegalArgumentException notAUri) {
            return false;
        }
        if (url.getScheme() == null) {
            return value.startsWith("/") && !value.startsWith("//");
        }
        boolean https = "https".equalsIgnoreCase(url.getScheme());
        boolean loopback = "http".equalsIgnoreCase(url.getScheme()) && isLoopback(url.getHost());
        return url.getHost() != null && url.getUserInfo() == null && (https || loopback);
    }

    static List<String> patterns(String setting, String... patterns) {
        List<String> checked = new ArrayList<>();
        for (String pattern : list(setting, patterns)) {
            String path = pattern.endsWith("/*") ? pattern.substring(0, pattern.length() - 1) : pattern;
            if (path.contains("*")) {
                throw invalid(
                        setting,
                        "has '" + pattern + "'. Patterns are exact (/account) or prefixes"
                                + " (/account/*); suffixes such as *.css are refused, because /private/x.css would match too");
            }
            path(setting, path);
            if (pattern.length() > 1 && pattern.endsWith("/")) {
                throw invalid(
                        setting,
                        "has '" + pattern + "', which is one path only. Write " + pattern
                                + "* for the folder with all that is in it");
            }
            checked.add(pattern);
        }
        return List.copyOf(checked);
    }

    static String path(String setting, String path) {
        if (!PATH.matcher(path).matches() || path.contains("//") || (path + "/").matches(".*/\\.\\.?/.*")) {
            throw invalid(
                    setting,
                    "has '" + path + "'. A path starts with '/', is written decoded, and has no empty,"
                            + " '.' or '..' segment");
        }
        return path;
    }

    static String claim(String setting, String value) {
        if (!CLAIM.matcher(value).matches()) {
            throw invalid(setting, "must name a claim");
        }
        return value;
    }

    static Duration duration(String setting, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0
                || value.compareTo(most) > 0
                || !value.equals(value.truncatedTo(ChronoUnit.SECONDS))) {
            throw invalid(setting, "must be whole seconds from " + words(least) + " to " + words(most));
        }
        return value;
    }

    private static String words(Duration duration) {
        return duration.toHours() > 0 ? duration.toHours() + "h" : duration.toSeconds() + "s";
    }

    static List<String> list(String setting, String... values) {
        Set<String> distinct = new LinkedHashSet<>();
        for (String value : values) {
            String trimmed = value.strip();
            if (trimmed.isEmpty()) {
                throw invalid(setting, "has an empty entry");
            }
            distinct.add(trimmed);
        }
        return List.copyOf(distinct);
    }

    static IllegalArgumentException invalid(String setting, String problem) {
        return new IllegalArgumentException(setting + " " + problem + ".");
    }

    static boolean isPath(String value) {
        return PATH.matcher(value).matches();
    }
}
