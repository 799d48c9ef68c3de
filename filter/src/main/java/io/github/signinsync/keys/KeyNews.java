// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.keys;

import io.github.signinsync.config.SigninSyncConfig;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Tells the log when something has changed: keys read, keys lost, keys back, entries of no use. A state that lasts is told
 * once. For the refresh thread only.
 */
final class KeyNews {

    private static final System.Logger LOG = System.getLogger(KeyNews.class.getPackageName());
    private static final int MOST_NAMED = 10;

    private final String where;
    private final Duration maxStale;
    private JwksKeys.Status.State lastState = JwksKeys.Status.State.NONE;
    private boolean told;
    private Set<JwkEntry.Unusable> lastSkipped = Set.of();

    KeyNews(SigninSyncConfig.Keys config) {
        // Without the query, which may be somebody's secret.
        this.where = config.jwksUrl().getAuthority() + config.jwksUrl().getPath();
        this.maxStale = config.maxStale();
    }

    void tell(KeySetRead result, JwksKeys.Status status) {
        if (!told || status.state() != lastState) {
            told = true;
            lastState = status.state();
            tellState(status);
        }
        if (result instanceof KeySetRead.Done done) {
            tellSkipped(done.skipped());
        } else if (result instanceof KeySetRead.Failed failed && failed.reason() == ReadFailure.EMPTY) {
            tellSkipped(failed.skipped());
        }
    }

    private void tellState(JwksKeys.Status status) {
        switch (status.state()) {
            case GOOD -> LOG.log(Level.INFO, "Signing keys read from {0}: {1}.", where, status.keys());
            case NONE ->
                LOG.log(
                        Level.WARNING,
                        "No signing keys: {0} cannot be read ({1}). No token can be verified until it can; trying again.",
                        where,
                        status.lastFailure());
            case AGING ->
                LOG.log(
                        Level.WARNING,
                        "Signing keys cannot be read again from {0} ({1}). Those held are used until they are {2} old.",
                        where,
                        status.lastFailure(),
                        words(maxStale));
            case TOO_OLD ->
                LOG.log(
                        Level.WARNING,
                        "Signing keys lost: {0} could not be read ({1}) for {2}. No token can be verified until it can.",
                        where,
                        status.lastFailure(),
                        words(maxStale));
        }
    }

    private void tellSkipped(List<JwkEntry.Unusable> skipped) {
        // As a set: some issuers shuffle.
        Set<JwkEntry.Unusable> distinct = Set.copyOf(skipped);
        if (distinct.equals(lastSkipped)) {
            return;
        }
        lastSkipped = distinct;
        if (skipped.isEmpty()) {
            LOG.log(Level.INFO, "No entry of the key set {0} is skipped any more.", where);
            return;
        }
        LOG.log(
                Level.WARNING,
                "Entries skipped in the key set {0}: {1}. They are {2}",
                where,
                skipped.size(),
                skipped.stream()
                        .limit(MOST_NAMED)
                        .map(entry -> "\"" + printable(entry.keyId()) + "\" (" + entry.reason() + ")")
                        .collect(Collectors.joining(", ")));
    }

    private static String words(Duration duration) {
        boolean wholeHours = duration.equals(Duration.ofHours(duration.toHours()));
        return wholeHours ? duration.toHours() + "h" : duration.toSeconds() + "s";
    }

    /** Returns a text of the issuer so that it cannot pass for another line of the log. */
    private static String printable(String text) {
        return text.codePoints()
                .limit(64)
                .mapToObj(c -> c > ' ' && c < 0x7f && c != '"' && c != '\\'
                        ? Character.toString(c)
                        : String.format("\\u%04x", c))
                .collect(Collectors.joining());
    }
}
