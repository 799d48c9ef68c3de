// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.servlet;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.time.Duration;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A session that lasts for one request and that no browser is told of. Pages that must have a session (every JSP, unless it
 * says otherwise) can run with it, while the browser's real one stays hidden and whole. For one thread.
 */
@SuppressWarnings({"deprecation", "removal"}) // Servlet 5.0 still asks for methods that later versions dropped.
final class PassingSession implements HttpSession {

    private static final String ATTRIBUTE = "io.github.signinsync.passingSession";

    private final String id = UUID.randomUUID().toString();
    private final ServletContext context;
    private final Map<String, Object> attributes = new LinkedHashMap<>();
    private int maxInactiveSeconds = (int) Duration.ofMinutes(1).toSeconds();
    private boolean invalid;

    private PassingSession(ServletContext context) {
        this.context = context;
    }

    /** Returns the session that was made for this request before, or null. */
    static @Nullable HttpSession present(HttpServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof PassingSession session && !session.invalid ? session : null;
    }

    /** Returns the session that is made for this request, whatever wraps it. */
    static HttpSession of(HttpServletRequest request) {
        HttpSession present = present(request);
        if (present != null) {
            return present;
        }
        PassingSession session = new PassingSession(request.getServletContext());
        request.setAttribute(ATTRIBUTE, session);
        return session;
    }

    @Override
    public String getId() {
        return id;
    }

    @Override
    public boolean isNew() {
        requireValid();
        return true;
    }

    @Override
    public long getCreationTime() {
        requireValid();
        return 0;
    }

    @Override
    public long getLastAccessedTime() {
        requireValid();
        return 0;
    }

    @Override
    public ServletContext getServletContext() {
        return context;
    }

    @Override
    public int getMaxInactiveInterval() {
        return maxInactiveSeconds;
    }

    @Override
    public void setMaxInactiveInterval(int seconds) {
        maxInactiveSeconds = seconds;
    }

    @Override
    @SuppressWarnings("NullAway") // An absent attribute is null; the servlet API cannot say so in its type.
    public Object getAttribute(String name) {
        requireValid();
        return attributes.get(name);
    }

    @Override
    public Enumeration<String> getAttributeNames() {
        requireValid();
        return Collections.enumeration(attributes.keySet());
    }

    @Override
    public void setAttribute(String name, @Nullable Object value) {
        requireValid();
        if (value == null) {
            attributes.remove(name);
        } else {
            attributes.put(name, value);
        }
    }

    @Override
    public void removeAttribute(String name) {
        requireValid();
        attributes.remove(name);
    }

    @Override
    public void invalidate() {
        requireValid();
        attributes.clear();
        invalid = true;
    }

    @Override
    public jakarta.servlet.http.HttpSessionContext getSessionContext() {
        throw new UnsupportedOperationException("Deprecated since Servlet 2.1.");
    }

    @Override
    public Object getValue(String name) {
        return getAttribute(name);
    }

    @Override
    public String[] getValueNames() {
        requireValid();
        return attributes.keySet().toArray(String[]::new);
    }

    @Override
    public void putValue(String name, Object value) {
        setAttribute(name, value);
    }

    @Override
    public void removeValue(String name) {
        removeAttribute(name);
    }

    private void requireValid() {
        if (invalid) {
            throw new IllegalStateException("The session was invalidated.");
        }
    }
}
