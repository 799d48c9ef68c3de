// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.keys;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Monotonic time and the refresh thread, both moved by the test: what is due runs while time is moved, on this thread. */
final class MovedTime implements LongSupplier, RefreshThread {

    // Just before it wraps, so that comparing instead of subtracting shows.
    private long now = Long.MAX_VALUE - Duration.ofMinutes(1).toNanos();
    private long due;
    private @Nullable Runnable waiting;
    private boolean closed;

    @Override
    public long getAsLong() {
        return now;
    }

    @Override
    public void run(Runnable task) {
        task.run();
    }

    @Override
    public void runAfter(Duration delay, Runnable task) {
        due = now + delay.toNanos();
        waiting = task;
    }

    /** Moves time, running what becomes due at the moment it is due. */
    void pass(Duration span) {
        long end = now + span.toNanos();
        while (waiting != null && due - end <= 0 && !closed) {
            now = due - now > 0 ? due : now;
            Runnable task = waiting;
            waiting = null;
            task.run();
        }
        now = end;
    }

    /** Moves time with the thread held up, as when the machine slept: what was due meanwhile has not run yet. */
    void leap(Duration span) {
        now += span.toNanos();
    }

    @Override
    public boolean close() {
        closed = true;
        return true;
    }
}
