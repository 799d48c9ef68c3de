// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.script;

import jakarta.servlet.Filter;
import jakarta.servlet.Servlet;
import java.util.List;

/** The servlet containers that every scenario is played in. */
enum Container {
    JETTY(EmbeddedJetty::new),
    TOMCAT(EmbeddedTomcat::new);

    static final String CONTEXT_PATH = "/app";

    private final Starter starter;

    Container(Starter starter) {
        this.starter = starter;
    }

    /** Starts one on a free port of this machine, with these filters before this servlet, on every path. */
    Running start(List<Filter> filters, Servlet servlet) {
        try {
            return starter.start(filters, servlet);
        } catch (Exception notStarted) {
            throw new IllegalStateException(notStarted);
        }
    }

    /** One that runs. */
    interface Running extends AutoCloseable {
        int port();

        @Override
        void close();
    }

    private interface Starter {
        Running start(List<Filter> filters, Servlet servlet) throws Exception;
    }
}
