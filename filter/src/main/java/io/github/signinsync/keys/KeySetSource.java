// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.keys;

/** Where a key set is read from: the network, or a test. */
interface KeySetSource extends AutoCloseable {

    /** Reads the set once, within a bounded time. Called by one thread only. */
    KeySetRead read();

    @Override
    default void close() {}
}
