// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.demo.idp;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Who is signed in at the provider, by the value of its own cookie. Safe to share between threads. */
final class Logins {

    private final SecureRandom random = new SecureRandom();
    private final Map<String, Login> byCookie = new ConcurrentHashMap<>();

    /** Signs the person in and returns the new cookie value. */
    String start(Person person) {
        String cookie = random(24);
        byCookie.put(cookie, new Login("sess_" + random(8), person));
        return cookie;
    }

    @Nullable
    Login of(@Nullable String cookie) {
        return cookie == null ? null : byCookie.get(cookie);
    }

    void end(@Nullable String cookie) {
        if (cookie != null) {
            byCookie.remove(cookie);
        }
    }

    void endAll() {
        byCookie.clear();
    }

    private String random(int bytes) {
        byte[] value = new byte[bytes];
        random.nextBytes(value);
        return HexFormat.of().formatHex(value);
    }

    /** One browser's login: the {@code sid} claim and the person. */
    record Login(String id, Person person) {}
}
