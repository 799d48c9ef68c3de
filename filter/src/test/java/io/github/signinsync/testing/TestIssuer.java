// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * An issuer with keys of its own: RSA 2048 {@code k1} and {@code k2} (RS256), EC P-256 {@code e1} (ES256). It signs
 * whatever text it is given, well-formed or not, so that a test can write a bad token out literally. Two issuers never
 * share a key. Making one costs some tenths of a second: keep it in a {@code static final} field. Safe for all threads.
 */
public final class TestIssuer {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String issuer;
    private final Map<String, KeyPair> pairs;

    private TestIssuer(String issuer, Map<String, KeyPair> pairs) {
        this.issuer = issuer;
        this.pairs = pairs;
    }

    /** Returns an issuer with fresh keys. */
    public static TestIssuer create(String issuer) {
        try {
            KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
            rsa.initialize(2048);
            KeyPairGenerator ec = KeyPairGenerator.getInstance("EC");
            ec.initialize(new ECGenParameterSpec("secp256r1"));
            return new TestIssuer(
                    issuer,
                    Map.of("k1", rsa.generateKeyPair(), "k2", rsa.generateKeyPair(), "e1", ec.generateKeyPair()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the {@code iss} of {@link #token}. */
    public String issuer() {
        return issuer;
    }

    /** Returns the key pair of this id. */
    public KeyPair pair(String kid) {
        KeyPair pair = pairs.get(kid);
        if (pair == null) {
            throw new IllegalArgumentException("There is k1, k2 and e1, but not " + kid);
        }
        return pair;
    }

    /** Returns a key set with these keys, in this order. */
    public String jwks(String... kids) {
        return Arrays.stream(kids).map(this::jwk).collect(Collectors.joining(",", "{\"keys\":[", "]}"));
    }

    /** Returns one entry of a key set, for sets that need something odd beside it. */
    public String jwk(String kid) {
        Map<String, Object> entry = new LinkedHashMap<>();
        if (pair(kid).getPublic() instanceof RSAPublicKey rsa) {
            entry.put("kty", "RSA");
            entry.put("n", number(rsa.getModulus(), rsa.getModulus().bitLength() / 8));
            entry.put("e", number(rsa.getPublicExponent(), 3));
        } else if (pair(kid).getPublic() instanceof ECPublicKey ec) {
            entry.put("kty", "EC");
            entry.put("crv", "P-256");
            entry.put("x", number(ec.getW().getAffineX(), 32));
            entry.put("y", number(ec.getW().getAffineY(), 32));
        }
        entry.put("kid", kid);
        entry.put("use", "sig");
        entry.put("alg", algorithm(kid));
        return json(entry);
    }

    /** Returns the token these claims make, with {@code iss} added unless it is among them, and an ordinary header. */
    public String token(String kid, Map<String, Object> claims) {
        Map<String, Object> payload = new LinkedHashMap<>();
        payload.put("iss", issuer);
        payload.putAll(claims);
        return sign(kid, header(kid), json(payload));
    }

    /** Returns the ordinary header of a token signed with this key: alg, kid and typ. */
    public String header(String kid) {
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("alg", algorithm(kid));
        header.put("kid", kid);
        header.put("typ", "JWT");
        return json(header);
    }

    /** Returns these two texts as a compact JWS, signed with this key, whatever the header says. */
    public String sign(String kid, String headerJson, String payloadJson) {
        String signed = base64(headerJson.getBytes(StandardCharsets.UTF_8))
                + "."
                + base64(payloadJson.getBytes(StandardCharsets.UTF_8));
        return signed + "." + base64(signature(kid, signed.getBytes(StandardCharsets.US_ASCII)));
    }

    /** Returns the JOSE signature over these bytes: PKCS #1 v1.5 for RSA, R and S side by side for EC. */
    public byte[] signature(String kid, byte[] signed) {
        boolean rsa = algorithm(kid).equals("RS256");
        try {
            Signature signature = Signature.getInstance(rsa ? "SHA256withRSA" : "SHA256withECDSAinP1363Format");
            signature.initSign(pair(kid).getPrivate());
            signature.update(signed);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns base64url without padding. */
    public static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private String algorithm(String kid) {
        return pair(kid).getPublic() instanceof RSAPublicKey ? "RS256" : "ES256";
    }

    private static String number(BigInteger value, int length) {
        byte[] bytes = value.toByteArray();
        byte[] fixed = new byte[length];
        int kept = Math.min(bytes.length, length);
        System.arraycopy(bytes, bytes.length - kept, fixed, length - kept, kept);
        return base64(fixed);
    }

    private static String json(Map<String, Object> value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
