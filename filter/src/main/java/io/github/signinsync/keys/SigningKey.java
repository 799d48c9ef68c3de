// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.keys;

import java.security.PublicKey;
import org.jspecify.annotations.Nullable;

/**
 * A public key that the issuer signs with.
 *
 * @param id its {@code kid}
 * @param algorithm its {@code alg}, or null where the set does not say; one key, one algorithm (RFC 8725, 3.1)
 * @param publicKey an {@link java.security.interfaces.RSAPublicKey} or {@link java.security.interfaces.ECPublicKey}
 */
public record SigningKey(String id, @Nullable String algorithm, PublicKey publicKey) {}
