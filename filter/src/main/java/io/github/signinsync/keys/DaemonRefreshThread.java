// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.keys;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The real one: a daemon thread that starts with the first task. Safe for all threads. */
final class DaemonRefreshThread implements RefreshThread {

    static final String NAME = "signin-sync-keys";

    private final ScheduledThreadPoolExecutor executor;
    private final Object lock = new Object();

    // Guarded by lock.
    private @Nullable Future<?> waiting;

    DaemonRefreshThread() {
        executor = new ScheduledThreadPoolExecutor(
                1,
                task -> {
                    Thread thread = new Thread(task, NAME);
                    thread.setDaemon(true);
                    return thread;
                },
                // A task that comes after close is of no use to anyone.
                new ThreadPoolExecutor.DiscardPolicy());
        executor.setRemoveOnCancelPolicy(true);
    }

    @Override
    public void run(Runnable task) {
        executor.execute(task);
    }

    @Override
    public void runAfter(Duration delay, Runnable task) {
        synchronized (lock) {
            if (waiting != null) {
                waiting.cancel(false);
            }
            waiting = executor.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public boolean close() {
        executor.shutdownNow();
        try {
            // Long enough for an interrupted read; a host name that is being resolved may take longer.
            return executor.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
