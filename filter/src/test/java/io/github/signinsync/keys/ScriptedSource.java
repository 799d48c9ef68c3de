// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.keys;

import io.github.signinsync.testing.TestIssuer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A key set that is what the test says, and counts how often it is read. */
final class ScriptedSource implements KeySetSource {

    static final TestIssuer ISSUER = TestIssuer.create("https://issuer.example");

    private final AtomicInteger reads = new AtomicInteger();
    private volatile KeySetSource answer = () -> new KeySetRead.Failed(ReadFailure.REFUSED);
    private volatile Delay delay = () -> {};
    private volatile @Nullable Thread readBy;

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

    /** Does this before every answer. */
    void before(Delay next) {
        delay = next;
    }

    int reads() {
        return reads.get();
    }

    Thread readBy() {
        Thread reader = readBy;
        if (reader == null) {
            throw new IllegalStateException("Nobody has read yet.");
        }
        return reader;
    }

    @Override
    public KeySetRead read() {
        readBy = Thread.currentThread();
        reads.incrementAndGet();
        try {
            delay.await();
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            return new KeySetRead.Failed(ReadFailure.IO);
        }
        return answer.read();
    }

    /** Something that takes as long as the test likes. */
    @FunctionalInterface
    interface Delay {
        void await() throws InterruptedException;
    }
}
