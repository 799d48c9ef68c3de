// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.keys;

import io.github.signinsync.config.SigninSyncConfig;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the keys of one issuer, read from its key set and read again before they grow old. A key that is held is found
 * without waiting, whatever the network does; a withdrawn one is gone as soon as a set without it has been read. Safe for
 * all threads.
 *
 * <p>Two things change: {@link #held}, written by the refresh thread alone, and the one {@link Shared} read that is under
 * way, behind {@link #lock}, which nobody holds while waiting for anything.
 */
public final class JwksKeys implements SigningKeys, AutoCloseable {

    // More than the 200 request threads a container has by default, since all of them may ask for a fresh key at once.
    static final int MOST_WAITING = 256;
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(3);
    private static final System.Logger LOG = System.getLogger(JwksKeys.class.getPackageName());

    private final SigninSyncConfig.Keys config;
    private final KeySetSource source;
    private final RefreshThread thread;
    private final LongSupplier nanoTime;
    private final RefreshTimes times;
    private final Duration longestWait;
    private final KeyNews news;
    private final Semaphore places = new Semaphore(MOST_WAITING);
    private final Object lock = new Object();

    private volatile Held held = new Held(null, null, 0, 0, 0);

    // Guarded by lock.
    private @Nullable Shared underWay;
    private long nextAskAt;
    private boolean closed;

    /** Makes the keys of the issuer with this set. Nothing is read before {@link #start}. */
    public JwksKeys(SigninSyncConfig.Keys config) {
        this(
                config,
                new JwksClient(config),
                new DaemonRefreshThread(),
                System::nanoTime,
                new RefreshTimes(
                        config.refresh(), () -> ThreadLocalRandom.current().nextDouble()),
                LONGEST_WAIT);
    }

    JwksKeys(
            SigninSyncConfig.Keys config,
            KeySetSource source,
            RefreshThread thread,
            LongSupplier nanoTime,
            RefreshTimes times,
            Duration longestWait) {
        this.config = config;
        this.source = source;
        this.thread = thread;
        this.nanoTime = nanoTime;
        this.times = times;
        this.longestWait = longestWait;
        this.news = new KeyNews(config);
        this.nextAskAt = nanoTime.getAsLong();
    }

    /** Begins the first read and returns at once. An issuer that cannot be reached is asked again until it can be. */
    public void start() {
        synchronized (lock) {
            if (held.reads() == 0) {
                refresh();
            }
        }
    }

    @Override
    public KeyLookup find(String keyId) {
        KeyLookup known = known(keyId);
        return known != null ? known : ask(keyId);
    }

    /** Answers from what is held, or null if this id is not. One volatile read; no lock, no waiting. */
    private @Nullable KeyLookup known(String keyId) {
        KeySet set = held.set();
        SigningKey key = set == null ? null : set.key(keyId);
        if (set == null || key == null) {
            return null;
        }
        return set.youngerThan(config.maxStale(), nanoTime.getAsLong())
                ? new KeyLookup.Found(key)
                : new KeyLookup.Unavailable("stale");
    }

    /** Waits for one read of the set, together with everybody else who does. */
    private KeyLookup ask(String keyId) {
        if (!places.tryAcquire()) {
            return new KeyLookup.Unavailable("busy");
        }
        try {
            Shared read = joinOrBegin(keyId);
            boolean done = read != null && read.await(longestWait);
            KeyLookup known = known(keyId);
            if (known != null) {
                return known;
            }
            return done ? new KeyLookup.Unknown() : missing();
        } finally {
            places.release();
        }
    }

    /** Returns the read under way, or a new one, or null if there may be none now or need be none any more. */
    private @Nullable Shared joinOrBegin(String keyId) {
        synchronized (lock) {
            if (underWay != null) {
                return underWay;
            }
            long now = nanoTime.getAsLong();
            // A read may have ended since we looked: whoever comes a moment late must not cause a second one.
            if (closed || now - nextAskAt < 0 || known(keyId) != null) {
                return null;
            }
            nextAskAt = now + config.cooldown().toNanos();
            return begin();
        }
    }

    /** Answers for an id that is not held, when no read can be waited for. */
    private KeyLookup missing() {
        Held now = held;
        if (now.set() != null && now.set().youngerThan(config.cooldown(), nanoTime.getAsLong())) {
            return new KeyLookup.Unknown();
        }
        return new KeyLookup.Unavailable(
                now.failure() == null ? "unread" : now.failure().word());
    }

    /** Begins a read for the timer's sake, unless one is under way already. */
    private void refresh() {
        synchronized (lock) {
            if (underWay == null && !closed) {
                begin();
            }
        }
    }

    private Shared begin() {
        Shared read = new Shared();
        underWay = read;
        thread.run(() -> readNow(read));
        return read;
    }

    /** On the refresh thread, which makes reads follow each other: a late one cannot overwrite a newer one. */
    private void readNow(Shared read) {
        long begun = nanoTime.getAsLong();
        KeySetRead result = new KeySetRead.Failed(ReadFailure.IO);
        try {
            result = source.read();
        } catch (RuntimeException unforeseen) {
            LOG.log(
                    System.Logger.Level.DEBUG,
                    "The read failed: {0}",
                    unforeseen.getClass().getName());
        } finally {
            // After an Error too: askers must not wait for nothing, and the next read must come.
            settle(read, result, begun);
        }
    }

    private void settle(Shared read, KeySetRead result, long begun) {
        Held now = held.after(result, begun);
        synchronized (lock) {
            if (closed) {
                return;
            }
            held = now;
            underWay = null;
        }
        read.end(now.failure() == null);
        thread.runAfter(now.failure() == null ? times.afterSuccess() : untilNextTry(now), this::refresh);
        news.tell(result, status());
    }

    /** While there is no key to work with, nobody can sign in: then the issuer is asked as often as strangers may make us. */
    private Duration untilNextTry(Held now) {
        Duration patient = times.afterFailures(now.failuresInARow());
        boolean usable = now.set() != null && now.set().youngerThan(config.maxStale(), nanoTime.getAsLong());
        return usable || patient.compareTo(config.cooldown()) < 0 ? patient : config.cooldown();
    }

    /** Returns how things stand, for a log or a health page. Holds no secret. */
    public Status status() {
        Held now = held;
        KeySet set = now.set();
        if (set == null) {
            return new Status(Status.State.NONE, null, 0, now.reads(), now.failures(), word(now.failure()));
        }
        long nanos = nanoTime.getAsLong();
        Status.State state;
        if (!set.youngerThan(config.maxStale(), nanos)) {
            state = Status.State.TOO_OLD;
        } else {
            // One failure is nothing to wake people for: a connection kept alive may have died unnoticed.
            state = now.failuresInARow() < 2 ? Status.State.GOOD : Status.State.AGING;
        }
        Duration age = Duration.ofNanos(nanos - set.fetchedAt());
        return new Status(state, age, set.keys().size(), now.reads(), now.failures(), word(now.failure()));
    }

    private static @Nullable String word(@Nullable ReadFailure failure) {
        return failure == null ? null : failure.word();
    }

    /** Ends the refresh thread and lets everybody who waits go. Held keys are still found; nothing is read any more. */
    @Override
    public void close() {
        Shared abandoned;
        synchronized (lock) {
            closed = true;
            abandoned = underWay;
            underWay = null;
        }
        if (abandoned != null) {
            abandoned.end(false);
        }
        if (thread.close()) {
            source.close();
        }
    }

    /**
     * How the keys stand.
     *
     * @param state whether there are keys, and how good they are
     * @param age since the set was read; null if there is none
     * @param keys how many keys are held
     * @param reads how often the set was read, successfully or not
     * @param failures how many of those reads failed
     * @param lastFailure why the last read failed, a fixed word; null if it did not
     */
    public record Status(
            State state,
            @Nullable Duration age,
            int keys,
            long reads,
            long failures,
            @Nullable String lastFailure) {

        /** Whether there are keys, and how good they are. */
        public enum State {
            /** No set was read yet. */
            NONE,
            /** The set is held, and of the last two reads one at least has worked. */
            GOOD,
            /** Reading again has failed twice or more; the set from before is trusted meanwhile. */
            AGING,
            /** The set could not be read again for so long that it is not trusted any more. */
            TOO_OLD
        }
    }

    /** What the refresh thread knows. */
    private record Held(
            @Nullable KeySet set, @Nullable ReadFailure failure, long reads, long failures, int failuresInARow) {

        Held after(KeySetRead result, long begun) {
            if (result instanceof KeySetRead.Done done) {
                return new Held(new KeySet(done.keys(), begun), null, reads + 1, failures, 0);
            }
            if (result instanceof KeySetRead.Failed failed) {
                return new Held(set, failed.reason(), reads + 1, failures + 1, failuresInARow + 1);
            }
            throw new AssertionError(result);
        }
    }

    /** One read that any number of threads wait for. */
    private static final class Shared {

        private final CompletableFuture<Boolean> ended = new CompletableFuture<>();

        void end(boolean successful) {
            ended.complete(successful);
        }

        /** Returns whether a set was read; not if that takes longer than this. */
        boolean await(Duration longest) {
            try {
                return ended.get(longest.toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            } catch (TimeoutException | ExecutionException e) {
                return false;
            }
        }
    }
}
