// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.servlet;

import io.github.signinsync.config.SigninSyncConfig;
import io.github.signinsync.keys.KeyLookup;
import io.github.signinsync.keys.SigningKey;
import io.github.signinsync.session.Extensions;
import io.github.signinsync.testing.TestIssuer;
import java.time.Clock;
import java.util.List;

/** The door through which tests of other rooms make a filter with their own time and keys. */
public final class FilterUnderTest {

    private FilterUnderTest() {}

    /** Returns a filter that trusts the issuer's key {@code k1} and no other, and remembers nothing from before. */
    public static SigninSyncFilter of(SigninSyncConfig config, Clock clock, TestIssuer issuer) {
        KeyLookup.Found k1 =
                new KeyLookup.Found(new SigningKey("k1", null, issuer.pair("k1").getPublic()));
        return new SigninSyncFilter(Wiring.of(
                config,
                clock,
                keyId -> keyId.equals("k1") ? k1 : new KeyLookup.Unknown(),
                new Extensions(List.of(), null, null)));
    }
}
