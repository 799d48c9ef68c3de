// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.keys;

import com.auth0.jwk.InvalidPublicKeyException;
import com.auth0.jwk.Jwk;
import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECParameterSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a key set, judged by itself: usable or not. The rules come before the library, which knows few of them:
 * it hands out encryption keys, 512-bit keys and points off the curve without complaint.
 */
sealed interface JwkEntry {

    /** A public key made for checking signatures. */
    record Usable(SigningKey key) implements JwkEntry {}

    /**
     * Of no use to us, which need not be a fault: issuers publish encryption keys in the same set.
     *
     * @param keyId its id, or nothing if it has none; the issuer's text, so not for a log as it stands
     * @param reason a fixed word
     */
    record Unusable(String keyId, String reason) implements JwkEntry {}

    /** Judges an entry. */
    static JwkEntry of(JsonNode entry) {
        String keyId = Rules.text(entry, "kid");
        if (keyId == null || keyId.isEmpty() || keyId.length() > Rules.LONGEST_KEY_ID) {
            return new Unusable("", "kid");
        }
        String objection = Rules.objectionTo(entry);
        if (objection != null) {
            return new Unusable(keyId, objection);
        }
        PublicKey publicKey = Rules.publicKey(entry, keyId);
        if (publicKey == null) {
            return new Unusable(keyId, "malformed");
        }
        objection = publicKey instanceof RSAPublicKey rsa
                ? Rules.objectionTo(rsa)
                : Rules.objectionTo((ECPublicKey) publicKey);
        if (objection != null) {
            return new Unusable(keyId, objection);
        }
        return new Usable(new SigningKey(keyId, Rules.text(entry, "alg"), publicKey));
    }

    /** What an entry must be. Each rule answers with a fixed word, or null if it has no objection. */
    final class Rules {

        private static final int LONGEST_KEY_ID = 255;
        private static final int FEWEST_RSA_BITS = 2048;
        private static final int MOST_RSA_BITS = 8192;
        private static final BigInteger LEAST_EXPONENT = BigInteger.valueOf(65537);
        private static final int MOST_EXPONENT_BITS = 64;
        private static final Set<String> TYPES = Set.of("RSA", "EC");
        private static final Set<String> RSA_ALGORITHMS = Set.of("RS256", "RS384", "RS512");
        private static final Map<String, String> EC_ALGORITHMS =
                Map.of("P-256", "ES256", "P-384", "ES384", "P-521", "ES512");

        // Without padding (RFC 7515, 2); 8192 bits are 1366 characters.
        private static final Pattern BASE64URL = Pattern.compile("[A-Za-z0-9_-]{1,1400}");

        private Rules() {}

        private static @Nullable String objectionTo(JsonNode entry) {
            String type = text(entry, "kty");
            if (type == null || !TYPES.contains(type)) {
                return "kty";
            }
            if (entry.has("use") && !"sig".equals(text(entry, "use"))) {
                return "use";
            }
            if (entry.has("key_ops") && !verifies(entry.get("key_ops"))) {
                return "key_ops";
            }
            if (entry.has("d")) {
                return "private";
            }
            String curve = text(entry, "crv");
            if (type.equals("EC") && (curve == null || !EC_ALGORITHMS.containsKey(curve))) {
                return "crv";
            }
            return entry.has("alg") && !fits(text(entry, "alg"), curve, type) ? "alg" : null;
        }

        private static boolean verifies(JsonNode operations) {
            boolean verify = false;
            for (JsonNode operation : operations) {
                verify |= operation.isTextual() && operation.textValue().equals("verify");
            }
            return operations.isArray() && verify;
        }

        private static boolean fits(@Nullable String algorithm, @Nullable String curve, String type) {
            if (algorithm == null) {
                return false;
            }
            return type.equals("RSA")
                    ? RSA_ALGORITHMS.contains(algorithm)
                    : curve != null && algorithm.equals(EC_ALGORITHMS.get(curve));
        }

        // The library gets these members and no others: it casts what it finds (x5c, key_ops) without asking.
        private static @Nullable PublicKey publicKey(JsonNode entry, String keyId) {
            boolean rsa = "RSA".equals(text(entry, "kty"));
            Map<String, Object> values = new HashMap<>();
            values.put("kty", rsa ? "RSA" : "EC");
            values.put("kid", keyId);
            for (String member : rsa ? List.of("n", "e") : List.of("x", "y")) {
                String number = text(entry, member);
                if (number == null || !BASE64URL.matcher(number).matches()) {
                    return null;
                }
                values.put(member, number);
            }
            if (!rsa) {
                values.put("crv", entry.path("crv").textValue());
            }
            try {
                PublicKey key = Jwk.fromValues(values).getPublicKey();
                return key instanceof RSAPublicKey || key instanceof ECPublicKey ? key : null;
            } catch (InvalidPublicKeyException | RuntimeException notAKey) {
                return null;
            }
        }

        private static @Nullable String objectionTo(RSAPublicKey key) {
            int bits = key.getModulus().bitLength();
            if (bits < FEWEST_RSA_BITS || bits > MOST_RSA_BITS) {
                return "size";
            }
            BigInteger exponent = key.getPublicExponent();
            boolean good = exponent.testBit(0)
                    && exponent.compareTo(LEAST_EXPONENT) >= 0
                    && exponent.bitLength() <= MOST_EXPONENT_BITS;
            return good ? null : "exponent";
        }

        // y^2 = x^3 + ax + b, or it is another curve that answers (RFC 8725, 3.4). Ours have cofactor one, so any
        // point on them will do; the point at infinity has no coordinates to be sent.
        private static @Nullable String objectionTo(ECPublicKey key) {
            ECParameterSpec curve = key.getParams();
            BigInteger p = ((ECFieldFp) curve.getCurve().getField()).getP();
            BigInteger x = key.getW().getAffineX();
            BigInteger y = key.getW().getAffineY();
            if (x.compareTo(p) >= 0 || y.compareTo(p) >= 0) {
                return "point";
            }
            BigInteger right = x.pow(3)
                    .add(curve.getCurve().getA().multiply(x))
                    .add(curve.getCurve().getB())
                    .mod(p);
            return y.pow(2).mod(p).equals(right) ? null : "point";
        }

        private static @Nullable String text(JsonNode entry, String member) {
            return entry.path(member).textValue();
        }
    }
}
