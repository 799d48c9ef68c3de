// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync;

import java.util.Map;
import java.util.Set;

/**
 * Turns verified claims into roles, for claims that the setting {@code rolesClaim} cannot express.
 *
 * <p>Found by {@link java.util.ServiceLoader}; at most one may exist. One instance serves all threads. If it throws, the
 * request is answered 503: roles that cannot be told are neither granted nor a reason to sign anybody out.
 */
@FunctionalInterface
public interface RolesMapper {

    /**
     * Returns the roles that these claims grant.
     *
     * @param claims the verified claims, unmodifiable, without null values
     * @return the roles; empty for none
     */
    Set<String> roles(Map<String, Object> claims);
}
