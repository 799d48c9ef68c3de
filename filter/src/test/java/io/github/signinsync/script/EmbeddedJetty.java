// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.script;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.Servlet;
import java.util.EnumSet;
import java.util.List;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** Jetty with one application. */
final class EmbeddedJetty implements Container.Running {

    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);

    EmbeddedJetty(List<Filter> filters, Servlet servlet) throws Exception {
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler context =
                new ServletContextHandler(Container.CONTEXT_PATH, ServletContextHandler.SESSIONS);
        // As Tomcat has it without being told.
        context.getSessionHandler().setHttpOnly(true);
        filters.forEach(
                filter -> context.addFilter(new FilterHolder(filter), "/*", EnumSet.allOf(DispatcherType.class)));
        context.addServlet(new ServletHolder(servlet), "/");
        server.setHandler(context);
        server.start();
    }

    @Override
    public int port() {
        return connector.getLocalPort();
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception notStopped) {
            throw new IllegalStateException(notStopped);
        }
    }
}
