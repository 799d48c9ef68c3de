// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync;

/**
 * Told of every change of who is signed in, once per change, on the thread of the request that made it.
 *
 * <p>Found by {@link java.util.ServiceLoader}: name the implementation in
 * {@code META-INF/services/io.github.signinsync.AuthChangeListener} of the application. One instance serves all threads.
 * What it throws is logged and harms neither the request nor the other listeners.
 */
@FunctionalInterface
public interface AuthChangeListener {

    /**
     * Is called after the change has taken effect and outside any lock.
     *
     * @param change what happened
     */
    void onAuthChange(AuthChange change);
}
