// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.token;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTVerifier;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.exceptions.InvalidClaimException;
import com.auth0.jwt.exceptions.SignatureVerificationException;
import com.auth0.jwt.exceptions.TokenExpiredException;
import io.github.signinsync.SessionIdentity;
import io.github.signinsync.config.SigninSyncConfig;
import io.github.signinsync.keys.KeyLookup;
import io.github.signinsync.keys.SigningKeys;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Says what a presented text is: a token of our issuer for this application, an expired one, none at all, or unknown
 * for now. Nothing is thrown, whatever the text. Immutable, so it may be shared between threads.
 */
public final class TokenVerifier {

    private static final System.Logger LOG = System.getLogger("io.github.signinsync.token");
    private static final Duration GENEROUS_LEEWAY = Duration.ofMinutes(5);

    private final SigninSyncConfig.Token config;
    private final Set<SignatureAlgorithm> algorithms;
    private final ClaimRules rules;
    private final SigningKeys keys;
    private final Clock clock;

    /**
     * Makes a verifier, and warns once of settings that let more in than most applications want.
     *
     * @throws IllegalArgumentException if the configuration names an algorithm we do not have
     */
    public TokenVerifier(SigninSyncConfig.Token config, SigningKeys keys, Clock clock) {
        this.config = config;
        this.algorithms =
                config.algorithms().stream().map(SignatureAlgorithm::valueOf).collect(Collectors.toUnmodifiableSet());
        this.rules = new ClaimRules(config);
        this.keys = keys;
        this.clock = clock;
        warnOfLooseSettings();
    }

    /** Says what the text is. May wait a bounded time for a key that is not held; see {@link SigningKeys#find}. */
    public Verification verify(String token) {
        try {
            return verifyOrRefuse(token);
        } catch (Refused refused) {
            return new Verification.Invalid(refused.reason());
        } catch (RuntimeException | StackOverflowError unexpected) {
            // The type only: java-jwt's messages contain the whole token.
            LOG.log(Level.DEBUG, "Refused a token: {0}", unexpected.getClass().getName());
            return new Verification.Invalid(Rejection.INTERNAL);
        }
    }

    private Verification verifyOrRefuse(String text) throws Refused {
        CompactToken token = CompactToken.parse(text);
        TokenHeader header = TokenHeader.read(token.header(), algorithms);
        // Before the key: a stranger's token must not make us fetch keys.
        String issuer = rules.requireIssuer(token.payload());
        TokenClaims claims = TokenClaims.read(token.payload());

        KeyLookup lookup = lookUp(header.keyId());
        if (lookup instanceof KeyLookup.Unavailable unavailable) {
            return new Verification.Unavailable(unavailable.detail());
        }
        if (!(lookup instanceof KeyLookup.Found found)) {
            throw new Refused(Rejection.UNKNOWN_KEY);
        }
        Algorithm algorithm = header.algorithm().with(found.key());

        // One reading of the clock, so that java-jwt's rules and ours cannot fall on two sides of a second.
        Instant now = clock.instant();
        boolean libraryAccepts = verifySignature(algorithm, text, now);
        rules.check(claims, now);

        VerifiedToken verified = new VerifiedToken(
                token.digest(),
                header.keyId(),
                new SessionIdentity(issuer, claims.subject(), claims.sessionId()),
                claims.issuedAtOrEpoch(),
                claims.expiresAt(),
                token.payload());
        if (rules.expired(claims, now)) {
            return new Verification.Expired(verified);
        }
        if (!libraryAccepts) {
            throw new Refused(Rejection.INTERNAL);
        }
        return new Verification.Valid(verified);
    }

    private KeyLookup lookUp(String keyId) {
        try {
            return keys.find(keyId);
        } catch (RuntimeException broken) {
            // A broken key source is an outage, not a bad token.
            LOG.log(Level.DEBUG, "No key: {0}", broken.getClass().getName());
            return new KeyLookup.Unavailable("key lookup failed");
        }
    }

    /**
     * Refuses a wrong signature. Past this the token is genuine, because java-jwt looks at claims only after the signature.
     *
     * @return whether java-jwt accepts its issuer and times too
     */
    private boolean verifySignature(Algorithm algorithm, String text, Instant now) throws Refused {
        JWTVerifier.BaseVerification verification = (JWTVerifier.BaseVerification) JWT.require(algorithm)
                .withIssuer(config.issuers().toArray(String[]::new))
                .acceptLeeway(config.leeway().toSeconds());
        try {
            verification.build(Clock.fixed(now, ZoneOffset.UTC)).verify(text);
            return true;
        } catch (SignatureVerificationException wrong) {
            throw new Refused(Rejection.SIGNATURE);
        } catch (TokenExpiredException | InvalidClaimException genuineButRefused) {
            return false;
        }
    }

    private void warnOfLooseSettings() {
        if (config.leeway().compareTo(GENEROUS_LEEWAY) > 0) {
            LOG.log(
                    Level.WARNING,
                    "leeway is {0}s: every token is accepted that much longer than its issuer meant it to be. Clocks"
                            + " that are kept in step need 60s.",
                    Long.toString(config.leeway().toSeconds()));
        }
        if (config.audience().isEmpty() && config.authorizedParties().isEmpty()) {
            LOG.log(
                    Level.WARNING,
                    "Neither audience nor authorizedParties is set, so a token that the issuer made for another"
                            + " application signs its user in here. Set the one your issuer sends: audience for aud,"
                            + " authorizedParties for azp.");
        }
    }
}
