// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.signinsync.config.SigninSyncConfig;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many threads and one read, which the test holds back with a latch for as long as it likes. */
@Timeout(value = 20, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class JwksKeysThreadsTest {

    private static final int HERD = 200;
    private static final Duration LONG = Duration.ofSeconds(15);

    private final ScriptedSource source = new ScriptedSource();
    private final DaemonRefreshThread thread = new DaemonRefreshThread();
    private final CountDownLatch answering = new CountDownLatch(1);
    private final CountDownLatch reading = new CountDownLatch(1);
    private JwksKeys keys = keysThatWait(LONG);

    @AfterEach
    void close() {
        answering.countDown();
        keys.close();
    }

    @Test
    @DisplayName("E11 herd: 200 parallel lookups on a cold start wait for one read, and all find their key")
    void aHerdOnAColdStartCausesOneRead() {
        holdBack("k1");
        keys.start();
        List<Asker> herd = herd(HERD, () -> "k1");

        answering.countDown();

        herd.forEach(asker -> assertInstanceOf(KeyLookup.Found.class, asker.answer()));
        assertEquals(1, source.reads());
    }

    @Test
    @DisplayName("E11 herd: the same without anybody having called start")
    void aHerdBeforeTheStartCausesOneRead() {
        holdBack("k1");
        List<Asker> herd = herd(HERD, () -> "k1");
        keys.start();

        answering.countDown();

        herd.forEach(asker -> assertInstanceOf(KeyLookup.Found.class, asker.answer()));
        assertEquals(1, source.reads());
    }

    @Test
    @DisplayName("E01 rotation: 200 parallel first requests of a new key cause exactly one read")
    void aHerdAfterARotationCausesOneRead() {
        warmUp();
        holdBack("k1", "k2");
        List<Asker> herd = herd(HERD, () -> "k2");

        answering.countDown();

        herd.forEach(asker -> assertInstanceOf(KeyLookup.Found.class, asker.answer()));
        assertEquals(2, source.reads());
    }

    @Test
    void askersOfDifferentKeysShareOneRead() {
        warmUp();
        holdBack("k1", "e1");
        List<Asker> strangers = herd(50, () -> "stranger-" + Math.random());
        List<Asker> users = herd(50, () -> "e1");

        answering.countDown();

        strangers.forEach(asker -> assertEquals(new KeyLookup.Unknown(), asker.answer()));
        users.forEach(asker -> assertInstanceOf(KeyLookup.Found.class, asker.answer()));
        assertEquals(2, source.reads());
    }

    @Test
    @DisplayName("E10 random kids: known keys are found without waiting while a read for strangers hangs")
    void knownKeysNeverWait() {
        warmUp();
        holdBack("k1");
        List<Asker> strangers = herd(100, () -> "stranger-" + Math.random());

        for (int i = 0; i < 10_000; i++) {
            assertInstanceOf(KeyLookup.Found.class, keys.find("k1"));
        }

        strangers.forEach(asker -> assertFalse(asker.hasAnswer(), "the read still hangs"));
        answering.countDown();
        strangers.forEach(asker -> assertEquals(new KeyLookup.Unknown(), asker.answer()));
    }

    @Test
    void tooManyWaitersAreTurnedAwayAtOnce() {
        holdBack("k1");
        List<Asker> waiting = herd(JwksKeys.MOST_WAITING, () -> "k1");

        assertEquals(new KeyLookup.Unavailable("busy"), keys.find("k1"));

        answering.countDown();
        waiting.forEach(asker -> assertInstanceOf(KeyLookup.Found.class, asker.answer()));
        assertInstanceOf(KeyLookup.Found.class, keys.find("k1"));
    }

    @Test
    void nobodyWaitsLongerThanTheLimit() {
        keys = keysThatWait(Duration.ofMillis(100));
        holdBack("k1");

        assertEquals(new KeyLookup.Unavailable("unread"), keys.find("k1"));
        assertEquals(new KeyLookup.Unavailable("unread"), keys.find("k1"));
    }

    @Test
    void startDoesNotWait() throws InterruptedException {
        holdBack("k1");

        keys.start();

        assertEquals(JwksKeys.Status.State.NONE, keys.status().state());
        reading.await();
    }

    @Test
    void whoIsInterruptedStopsWaitingAndStaysInterrupted() {
        holdBack("k1");
        CompletableFuture<Boolean> stayed = new CompletableFuture<>();
        Asker asker = new Asker(() -> {
            KeyLookup answer = keys.find("k1");
            stayed.complete(Thread.currentThread().isInterrupted());
            return answer;
        });
        asker.untilItWaits();

        asker.thread.interrupt();

        assertEquals(new KeyLookup.Unavailable("unread"), asker.answer());
        assertTrue(stayed.join());
    }

    @Test
    void closeLetsEverybodyGoAndEndsTheThread() throws InterruptedException {
        holdBack("k1");
        keys.start();
        reading.await();
        Thread refreshThread = source.readBy();
        List<Asker> herd = herd(10, () -> "k1");

        keys.close();

        herd.forEach(asker -> assertEquals(new KeyLookup.Unavailable("unread"), asker.answer()));
        refreshThread.join();
        assertFalse(refreshThread.isAlive());
        assertEquals(new KeyLookup.Unavailable("unread"), keys.find("k1"));
    }

    @Test
    void theThreadIsADaemonWithAName() throws InterruptedException {
        holdBack("k1");
        keys.start();
        reading.await();

        assertTrue(source.readBy().isDaemon());
        assertEquals("signin-sync-keys", source.readBy().getName());
    }

    @Test
    void theThreadKeepsReadingAfterAnError() {
        source.answer(() -> {
            throw new StackOverflowError();
        });
        keys.start();
        keys.find("k1");
        source.publish("k1");

        // The back-off is about a second; one read per cooldown is all that lookups may cause themselves.
        KeyLookup answer = keys.find("k1");
        while (!(answer instanceof KeyLookup.Found)) {
            Thread.onSpinWait();
            answer = keys.find("k1");
        }

        assertNull(keys.status().lastFailure());
    }

    private JwksKeys keysThatWait(Duration longestWait) {
        return new JwksKeys(
                new SigninSyncConfig.Keys(
                        URI.create("https://issuer.example/jwks"),
                        Duration.ofMinutes(5),
                        Duration.ofHours(24),
                        Duration.ofSeconds(10)),
                source,
                thread,
                System::nanoTime,
                new RefreshTimes(Duration.ofMinutes(5), () -> 0),
                longestWait);
    }

    private void warmUp() {
        source.publish("k1");
        keys.start();
        assertInstanceOf(KeyLookup.Found.class, keys.find("k1"));
    }

    private void holdBack(String... keyIds) {
        source.publish(keyIds);
        source.before(() -> {
            reading.countDown();
            answering.await();
        });
    }

    private List<Asker> herd(int size, Supplier<String> keyId) {
        List<Asker> herd = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            String wanted = keyId.get();
            herd.add(new Asker(() -> keys.find(wanted)));
        }
        herd.forEach(Asker::untilItWaits);
        return herd;
    }

    /** A thread that looks a key up. */
    private static final class Asker {

        private final CompletableFuture<KeyLookup> answer = new CompletableFuture<>();
        private final Thread thread;

        Asker(Supplier<KeyLookup> question) {
            thread = new Thread(() -> answer.complete(question.get()));
            thread.setDaemon(true);
            thread.start();
        }

        void untilItWaits() {
            while (thread.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
        }

        boolean hasAnswer() {
            return answer.isDone();
        }

        KeyLookup answer() {
            return answer.join();
        }
    }
}
