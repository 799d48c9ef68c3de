// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.demo.idp;

import io.github.signinsync.demo.text.Json;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The provider's signing keys: the newest signs, and every key that is not yet withdrawn is in the published set. Safe to
 * share between threads.
 */
final class KeyRing {

    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

    private final Clock clock;
    private final List<Key> keys = new ArrayList<>();
    private int made;

    KeyRing(Clock clock) {
        this.clock = clock;
        keys.add(newKey());
    }

    /** Signs the claims with the newest key and returns the token. */
    synchronized String sign(Map<String, Object> claims) {
        Key key = keys.get(keys.size() - 1);
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("alg", "RS256");
        header.put("kid", key.id());
        header.put("typ", "JWT");
        String signed = base64url(header) + "." + base64url(claims);
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key.pair().getPrivate());
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + BASE64URL.encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Signs with a new key from now on.
     *
     * @param overlap how long the old keys stay in the published set; zero withdraws them at once
     */
    synchronized void rotate(Duration overlap) {
        Instant withdrawn = clock.instant().plus(overlap);
        keys.replaceAll(key -> key.withdrawn().isBefore(withdrawn) ? key : key.withdrawnAt(withdrawn));
        keys.add(newKey());
    }

    /** Returns the key set of RFC 7517. */
    synchronized String jwks() {
        Instant now = clock.instant();
        keys.removeIf(key -> !key.withdrawn().isAfter(now));
        return Json.text(Map.of("keys", keys.stream().map(Key::jwk).toList()));
    }

    synchronized List<String> ids() {
        Instant now = clock.instant();
        return keys.stream()
                .filter(key -> key.withdrawn().isAfter(now))
                .map(Key::id)
                .toList();
    }

    private Key newKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            made++;
            // The time keeps ids apart when the demo is started again: a cached key of the same name would not fit.
            String id = "key-" + made + "-" + Long.toString(clock.millis(), 36);
            return new Key(id, generator.generateKeyPair(), Instant.MAX);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String base64url(Map<String, Object> json) {
        return BASE64URL.encodeToString(Json.text(json).getBytes(StandardCharsets.UTF_8));
    }

    private record Key(String id, KeyPair pair, Instant withdrawn) {

        Key withdrawnAt(Instant when) {
            return new Key(id, pair, when);
        }

        Map<String, Object> jwk() {
            RSAPublicKey key = (RSAPublicKey) pair.getPublic();
            return Map.of(
                    "kty",
                    "RSA",
                    "kid",
                    id,
                    "use",
                    "sig",
                    "alg",
                    "RS256",
                    "n",
                    unsigned(key.getModulus()),
                    "e",
                    unsigned(key.getPublicExponent()));
        }

        private static String unsigned(BigInteger number) {
            byte[] bytes = number.toByteArray();
            int sign = bytes[0] == 0 ? 1 : 0;
            return BASE64URL.encodeToString(Arrays.copyOfRange(bytes, sign, bytes.length));
        }
    }
}
