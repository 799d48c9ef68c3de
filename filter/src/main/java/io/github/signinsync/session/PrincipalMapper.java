// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.session;

import io.github.signinsync.RolesMapper;
import io.github.signinsync.SessionPrincipal;
import io.github.signinsync.token.VerifiedToken;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes the principal of a verified token: its name and roles from claims. A claim of an unexpected kind grants nothing. */
final class PrincipalMapper {

    private final String nameClaim;
    private final RolesMapper rolesMapper;

    /** Makes a mapper; a null {@code custom} means that {@code rolesClaim} says where the roles are. */
    PrincipalMapper(String nameClaim, String rolesClaim, @Nullable RolesMapper custom) {
        this.nameClaim = nameClaim;
        this.rolesMapper = custom != null ? custom : claims -> roles(claim(claims, rolesClaim));
    }

    /** Returns the principal. Throws what the application's own mapper throws. */
    SessionPrincipal principal(VerifiedToken token) {
        return new SessionPrincipal(name(token), token.identity(), rolesMapper.roles(token.claims()), token.claims());
    }

    private String name(VerifiedToken token) {
        return claim(token.claims(), nameClaim) instanceof String name && !name.isBlank()
                ? name
                : token.identity().subject();
    }

    /** Finds a claim by its whole name first, because names with dots are common (URLs), and then as a path. */
    private static @Nullable Object claim(Map<?, ?> claims, String name) {
        Object whole = claims.get(name);
        int dot = name.indexOf('.');
        if (whole != null || dot < 0) {
            return whole;
        }
        return claims.get(name.substring(0, dot)) instanceof Map<?, ?> nested
                ? claim(nested, name.substring(dot + 1))
                : null;
    }

    private static Set<String> roles(@Nullable Object claim) {
        List<?> values = List.of();
        if (claim instanceof List<?> list) {
            values = list;
        } else if (claim instanceof String words) {
            values = List.of(words.strip().split("\\s+"));
        }
        Set<String> roles = new LinkedHashSet<>();
        for (Object value : values) {
            if (value instanceof String role && !role.isBlank()) {
                roles.add(role);
            }
        }
        return roles;
    }
}
