// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.servlet;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts the filter before all others and on every path, unless {@code web.xml} maps it itself. A fragment cannot: the filters
 * that an application's {@code web.xml} maps come before those of every fragment, and one of them may answer a request
 * that needs a user. Called by the container.
 *
 * @see <a href="https://jakarta.ee/specifications/servlet/5.0/jakarta-servlet-spec-5.0#a8-2-3-assembling-the-descriptor-from-web-xml-web-fragment-xml-and-annotations">Servlet
 *     5.0, 8.2.3</a>
 */
public final class SigninSyncInitializer implements ServletContainerInitializer {

    private static final String NAME = "signin-sync";
    private static final boolean BEFORE_ALL_OTHERS = false;

    /** Made by the container. */
    public SigninSyncInitializer() {}

    @Override
    public void onStartup(@Nullable Set<Class<?>> unused, ServletContext context) {
        FilterRegistration filter = registration(context);
        if (filter == null) {
            // metadata-complete: the container did not read the fragment.
            FilterRegistration.Dynamic added = context.addFilter(NAME, SigninSyncFilter.class);
            added.setAsyncSupported(true);
            filter = added;
        }
        boolean mapped = !filter.getUrlPatternMappings().isEmpty()
                || !filter.getServletNameMappings().isEmpty();
        if (!mapped) {
            filter.addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), BEFORE_ALL_OTHERS, "/*");
        }
    }

    /** Returns the declaration there is, under whatever name. */
    private static @Nullable FilterRegistration registration(ServletContext context) {
        FilterRegistration ours = context.getFilterRegistration(NAME);
        return ours != null
                ? ours
                : context.getFilterRegistrations().values().stream()
                        .filter(filter -> SigninSyncFilter.class.getName().equals(filter.getClassName()))
                        .findFirst()
                        .orElse(null);
    }
}
