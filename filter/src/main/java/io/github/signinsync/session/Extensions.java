// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.session;

import io.github.signinsync.AuthChangeListener;
import io.github.signinsync.Revocations;
import io.github.signinsync.RolesMapper;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the application brings of its own.
 *
 * @param listeners told of changes, in this order
 * @param rolesMapper says the roles, or null for the setting {@code rolesClaim}
 * @param revocations remembers ended logins, or null for this process's memory
 */
public record Extensions(
        List<AuthChangeListener> listeners,
        @Nullable RolesMapper rolesMapper,
        @Nullable Revocations revocations) {

    /** Copies the list. */
    public Extensions {
        listeners = List.copyOf(listeners);
    }
}
