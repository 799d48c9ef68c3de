// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.signinsync.testing.MovableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many may come at once, and when the next. */
class SyncLimitsTest {

    private final MovableClock clock = new MovableClock(Instant.parse("2026-11-23T12:00:00Z"));
    private final SyncLimits limits = new SyncLimits(clock);

    @Test
    void thirtyGoodTokensOfALoginAreAcceptedAtOnceAndNotOneMore() {
        assertEquals(30, accepted("alice", 31));
        assertEquals(1, limits.secondsUntilAccepted("alice"));
        assertEquals(0, limits.secondsUntilAccepted("bob"));
    }

    @Test
    void sixtyRefusalsOfAnAddressAreExplainedAtOnceAndNotOneMore() {
        assertEquals(
                60,
                IntStream.range(0, 61)
                        .filter(i -> limits.secondsUntilExplained("192.0.2.1") == 0)
                        .count());
        assertEquals(1, limits.secondsUntilExplained("192.0.2.1"));
        assertEquals(0, limits.secondsUntilExplained("192.0.2.2"));
        assertEquals(0, limits.secondsUntilAccepted("192.0.2.1"));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "999, 0", "1000, 1", "1001, 1", "1999, 1", "2000, 2", "29999, 29", "30000, 30", "86400000, 30"})
    void oneMoreIsFreeEachSecondUpToTheBurst(long millis, int free) {
        accepted("alice", 31);

        clock.move(Duration.ofMillis(millis));

        assertEquals(free, accepted("alice", 40));
    }

    @Test
    void whatIsRefusedCostsNothing() {
        accepted("alice", 100);

        clock.move(Duration.ofSeconds(1));

        assertEquals(1, accepted("alice", 100));
    }

    @Test
    void partsOfASecondAddUp() {
        accepted("alice", 30);
        for (int i = 0; i < 3; i++) {
            clock.move(Duration.ofMillis(333));
            assertEquals(0, accepted("alice", 1));
        }

        clock.move(Duration.ofMillis(1));

        assertEquals(1, accepted("alice", 2));
    }

    @Test
    void aClockThatIsSetBackLocksNobodyOut() {
        accepted("alice", 31);
        clock.move(Duration.ofDays(-1));
        assertEquals(1, limits.secondsUntilAccepted("alice"));

        clock.move(Duration.ofSeconds(1));

        assertEquals(0, limits.secondsUntilAccepted("alice"));
    }

    @Test
    void aClockThatIsSetBackGivesNothingAway() {
        accepted("alice", 30);

        clock.move(Duration.ofDays(-1));

        assertEquals(0, accepted("alice", 2));
    }

    @Test
    void theOneThatWasIdleLongestMakesRoom() {
        SyncLimits.Buckets buckets = new SyncLimits.Buckets(1, 2, clock);
        buckets.take("a");
        buckets.take("b");
        buckets.take("a");

        buckets.take("c");

        assertEquals(1, buckets.take("a"));
        assertEquals(1, buckets.take("c"));
        assertEquals(0, buckets.take("b"));
    }

    @Test
    void threadsShareOneBurst() throws InterruptedException {
        AtomicInteger free = new AtomicInteger();
        Thread[] threads = new Thread[8];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = new Thread(() -> free.addAndGet(accepted("alice", 20)));
            threads[i].start();
        }
        for (Thread thread : threads) {
            thread.join();
        }

        assertEquals(30, free.get());
    }

    private int accepted(String login, int times) {
        return (int) IntStream.range(0, times)
                .filter(i -> limits.secondsUntilAccepted(login) == 0)
                .count();
    }
}
