// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.token;

import com.auth0.jwt.algorithms.Algorithm;
import io.github.signinsync.keys.SigningKey;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;

/**
 * The algorithms we know, under their JOSE names, each tied to one kind of key. There is no symmetric one and no
 * "none", so no token can talk us into them (RFC 8725, 3.1).
 */
enum SignatureAlgorithm {
    RS256,
    RS384,
    RS512,
    ES256,
    ES384,
    ES512;

    /** Returns java-jwt's algorithm with this key and no other. */
    Algorithm with(SigningKey key) throws Refused {
        if (key.algorithm() != null && !key.algorithm().equals(name())) {
            throw unfit();
        }
        return switch (this) {
            case RS256 -> Algorithm.RSA256(rsa(key.publicKey()));
            case RS384 -> Algorithm.RSA384(rsa(key.publicKey()));
            case RS512 -> Algorithm.RSA512(rsa(key.publicKey()));
            case ES256 -> Algorithm.ECDSA256(ec(key.publicKey(), 256));
            case ES384 -> Algorithm.ECDSA384(ec(key.publicKey(), 384));
            case ES512 -> Algorithm.ECDSA512(ec(key.publicKey(), 521));
        };
    }

    private static RSAPublicKey rsa(PublicKey key) throws Refused {
        if (key instanceof RSAPublicKey rsa) {
            return rsa;
        }
        throw unfit();
    }

    /** The size tells P-256, P-384 and P-521 apart; that it is one of these was checked by name when the set was read. */
    private static ECPublicKey ec(PublicKey key, int fieldBits) throws Refused {
        if (key instanceof ECPublicKey ec
                && ec.getParams().getCurve().getField().getFieldSize() == fieldBits) {
            return ec;
        }
        throw unfit();
    }

    private static Refused unfit() {
        return new Refused(Rejection.ALGORITHM);
    }
}
