// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.keys;

import io.github.signinsync.testing.TestIssuer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** A key set that is what the test says, and counts how often it is read. */
final class ScriptedSource implements KeySetSource {

    static final TestIssuer ISSUER = TestIssuer.create("https://issuer.example");

    private final AtomicInteger reads = new AtomicInteger();
    private volatile KeySetSource answer = () -> new KeySetRead.Failed(ReadFailure.REFUSED);

    void publish(String... keyIds) {
        KeySetRead read = JwksDocument.read(ISSUER.jwks(keyIds).getBytes(StandardCharsets.UTF_8));
        answer = () -> read;
    }

    void fail(ReadFailure reason) {
        answer = () -> new KeySetRead.Failed(reason);
    }

    void answer(KeySetSource next) {
        answer = next;
    }

    int reads() {
        return reads.get();
    }

    @Override
    public KeySetRead read() {
        reads.incrementAndGet();
        return answer.read();
    }
}
