// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.token;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;

/**
 * A token taken apart and not believed: its form is right, and there is no second way to spell it. The cheapest checks
 * come first, so that garbage is gone before anything is decoded.
 *
 * @param text the whole token
 * @param header the header's members
 * @param payload the claims, of whoever wrote them
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7515#section-7.1">RFC 7515, 7.1</a>
 */
record CompactToken(String text, Map<String, Object> header, Map<String, Object> payload) {

    /** Cookies and the sync endpoint have smaller limits of their own. This one is what a header may bring. */
    static final int MAX_LENGTH = 8192;

    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    static CompactToken parse(String text) throws Refused {
        if (text.length() > MAX_LENGTH) {
            throw new Refused(Rejection.TOO_LONG);
        }
        requireAlphabetAndTwoDots(text);
        int first = text.indexOf('.');
        int second = text.lastIndexOf('.');
        String header = requireCanonical(text.substring(0, first));
        String payload = requireCanonical(text.substring(first + 1, second));
        requireCanonical(text.substring(second + 1));
        // A claim that is null is as good as absent; a header member that is null (crit) is none we understand.
        return new CompactToken(
                text, StrictJson.readObjectWithoutNull(decode(header)), StrictJson.readObject(decode(payload)));
    }

    /** Returns the SHA-256 of what was signed, in hexadecimal. The signature is left out: see {@link VerifiedToken}. */
    String digest() {
        byte[] signed = text.substring(0, text.lastIndexOf('.')).getBytes(StandardCharsets.US_ASCII);
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(signed));
        } catch (NoSuchAlgorithmException everyJavaPlatformHasIt) {
            throw new IllegalStateException(everyJavaPlatformHasIt);
        }
    }

    /** Never the token. */
    @Override
    public String toString() {
        return "CompactToken";
    }

    private static void requireAlphabetAndTwoDots(String text) throws Refused {
        int dots = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letterOrDigit = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
            if (c == '.') {
                dots++;
            } else if (!letterOrDigit && c != '-' && c != '_') {
                throw malformed();
            }
        }
        if (dots != 2) {
            throw malformed();
        }
    }

    /** The last character's unused bits must be zero: java.util.Base64 ignores them, so one token would have many texts. */
    private static String requireCanonical(String segment) throws Refused {
        if (segment.isEmpty()) {
            throw malformed();
        }
        int last = ALPHABET.indexOf(segment.charAt(segment.length() - 1));
        boolean canonical = switch (segment.length() % 4) {
            case 0 -> true;
            case 2 -> (last & 0b1111) == 0;
            case 3 -> (last & 0b11) == 0;
            default -> false;
        };
        if (!canonical) {
            throw malformed();
        }
        return segment;
    }

    private static byte[] decode(String segment) {
        return Base64.getUrlDecoder().decode(segment);
    }

    private static Refused malformed() {
        return new Refused(Rejection.MALFORMED);
    }
}
