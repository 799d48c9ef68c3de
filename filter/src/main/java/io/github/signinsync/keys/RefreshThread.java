// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.keys;

import java.time.Duration;

/** The one thread that reads key sets, as far as {@link JwksKeys} can see; a test has one that it moves itself. */
interface RefreshThread {

    /** Runs this as soon as the thread is free. Does nothing once closed. */
    void run(Runnable task);

    /** Runs this after a while, in place of what was to be run after a while. Does nothing once closed. */
    void runAfter(Duration delay, Runnable task);

    /** Interrupts what is running, drops what is waiting, and returns whether the thread has ended. */
    boolean close();
}
