// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.session;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.signinsync.testing.MovableClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LocalRevocationsTest {

    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

    private final MovableClock clock = new MovableClock(NOW);

    @Test
    void coversWhatWasIssuedUpToTheTimeAndNothingLater() {
        LocalRevocations revocations = new LocalRevocations(clock);
        revocations.revoke("a", NOW, NOW.plusSeconds(60));

        assertTrue(revocations.isRevoked("a", NOW.minusSeconds(1)));
        assertTrue(revocations.isRevoked("a", NOW));
        assertFalse(revocations.isRevoked("a", NOW.plusSeconds(1)));
        assertFalse(revocations.isRevoked("b", NOW));
    }

    @Test
    void keepsAnEntryUntilItMayBeForgottenAndDropsItAfter() {
        LocalRevocations revocations = new LocalRevocations(clock);
        revocations.revoke("a", NOW, NOW.plusSeconds(60));

        clock.move(Duration.ofSeconds(60));
        revocations.revoke("b", NOW, NOW.plusSeconds(600));
        assertTrue(revocations.isRevoked("a", NOW));

        clock.move(Duration.ofSeconds(1));
        revocations.revoke("c", NOW, NOW.plusSeconds(600));
        assertFalse(revocations.isRevoked("a", NOW));
        assertTrue(revocations.isRevoked("b", NOW));
    }

    @Test
    void isBoundedAndDropsTheOldest() {
        LocalRevocations revocations = new LocalRevocations(clock, 2);
        revocations.revoke("a", NOW, NOW.plusSeconds(60));
        revocations.revoke("b", NOW, NOW.plusSeconds(60));
        revocations.revoke("a", NOW.plusSeconds(1), NOW.plusSeconds(60));
        assertTrue(revocations.isRevoked("b", NOW));

        revocations.revoke("c", NOW, NOW.plusSeconds(60));

        assertFalse(revocations.isRevoked("b", NOW));
        assertTrue(revocations.isRevoked("a", NOW.plusSeconds(1)));
        assertTrue(revocations.isRevoked("c", NOW));
    }
}
