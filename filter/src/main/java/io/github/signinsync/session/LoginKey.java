// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.session;

import io.github.signinsync.SessionIdentity;
import io.github.signinsync.token.VerifiedToken;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Names a login without saying whose it is: for the mark cookie and for revocations. */
final class LoginKey {

    private static final int MARK_DIGITS = 32;

    private LoginKey() {}

    /**
     * Returns 64 hexadecimal digits that are equal for all tokens of one login. Where the issuer sends no session id they
     * are particular to this token, because ending one browser's login must not end the user's others; and where it sends
     * no time of issue too, because nothing would tell a later token from an earlier one.
     */
    static String of(VerifiedToken token) {
        boolean particular =
                token.identity().sessionId() == null || token.issuedAt().equals(Instant.EPOCH);
        return particular ? token.digest() : digest(token.identity());
    }

    /** Returns the same for a login that is known without a token; null if its issuer sends no session id. */
    static @Nullable String of(SessionIdentity identity) {
        return identity.sessionId() == null ? null : digest(identity);
    }

    /** Returns the 32 hexadecimal digits that the script computes too, from {@code iss}, {@code sub} and {@code sid}. */
    static String mark(SessionIdentity identity) {
        return digest(identity).substring(0, MARK_DIGITS);
    }

    private static String digest(SessionIdentity identity) {
        String sessionId = identity.sessionId() == null ? "" : identity.sessionId();
        String text = identity.issuer() + "\n" + identity.subject() + "\n" + sessionId;
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha256.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new AssertionError(everyJavaHasIt);
        }
    }
}
