// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.session;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * After which sign-out and which change of user the browser is, and after which ones its token cookie was given. Each makes
 * a new generation, in a cookie of its own kind; the twin beside a token names those its POST was sent in. Where they
 * differ, the token came in a late answer.
 *
 * @param current what the browser says the generations are: none before the first sign-out or change of user, at most one of
 *     each kind, or more where a sibling subdomain or a longer path has set a cookie of the same name
 * @param ofToken what the twin names
 * @param twinSent whether there is a twin, even one that names no generation
 */
record Generations(Set<String> current, Set<String> ofToken, boolean twinSent) {

    /** What a browser shows that was never signed in, or that shows its cookies to a filter that issues none. */
    static final Generations NONE = new Generations(Set.of(), Set.of(), false);

    /** What a twin says where there was no generation yet. */
    private static final String BEFORE_THE_FIRST = "0";

    /** Two are ours; a sibling subdomain may add to them; more is somebody trying, and leaves every token dead. */
    private static final int MAX_NAMED = 4;

    private static final int BYTES = 16;
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final String VALUE = "[A-Za-z0-9_-]{22}";
    private static final Pattern GENERATION = Pattern.compile(VALUE);
    private static final Pattern TWIN =
            Pattern.compile(BEFORE_THE_FIRST + "|" + VALUE + "(\\." + VALUE + "){0," + (MAX_NAMED - 1) + "}");

    /** Copies the sets. */
    Generations {
        current = Set.copyOf(current);
        ofToken = Set.copyOf(ofToken);
    }

    /** Reads all cookies of the two names. What we cannot have written is ignored, or junk could lock a user out. */
    static Generations of(Collection<String> generationCookies, Collection<String> twinCookies) {
        Set<String> current = new LinkedHashSet<>();
        for (String value : generationCookies) {
            if (GENERATION.matcher(value).matches()) {
                current.add(value);
            }
        }
        Set<String> ofToken = new LinkedHashSet<>();
        for (String twin : twinCookies) {
            if (TWIN.matcher(twin).matches()) {
                ofToken.addAll(Arrays.asList(twin.split("\\.")));
            }
        }
        return new Generations(current, ofToken, !ofToken.isEmpty());
    }

    /** Returns a generation that nobody can guess. */
    static String fresh(SecureRandom random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return ENCODER.encodeToString(bytes);
    }

    /**
     * Tells whether the token came in an answer that a sign-out or another user overtook. Every current generation must be
     * named: somebody who adds one can only end a login, and the next POST, which names that one too, brings it back.
     */
    boolean tokenIsDead() {
        return !ofToken.containsAll(current);
    }

    /** Returns what the twin of a token says that is given in answer to this request. */
    String twin() {
        return current.isEmpty()
                ? BEFORE_THE_FIRST
                : current.stream().limit(MAX_NAMED).collect(Collectors.joining("."));
    }

    /**
     * Returns the generation that a change to this login makes. Tabs that all tell of the same change at once make the same
     * one, on whichever nodes, or all but one would be dead.
     */
    String after(String login) {
        try {
            String before = current.stream().sorted().collect(Collectors.joining("."));
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest((before + "\n" + login).getBytes(StandardCharsets.US_ASCII));
            return ENCODER.encodeToString(Arrays.copyOf(digest, BYTES));
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new AssertionError(everyJavaHasIt);
        }
    }

    /** Returns what the twin says if the answer makes this new generation besides. */
    String twinWith(String fresh) {
        return Stream.concat(Stream.of(fresh), current.stream())
                .limit(MAX_NAMED)
                .collect(Collectors.joining("."));
    }
}
