// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.script;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.Servlet;
import java.nio.file.Path;
import java.util.List;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;

/** Tomcat with one application. */
final class EmbeddedTomcat implements Container.Running {

    private final Tomcat tomcat = new Tomcat();
    private final Connector connector = new Connector();

    EmbeddedTomcat(List<Filter> filters, Servlet servlet) throws LifecycleException {
        tomcat.setBaseDir(Path.of("target", "tomcat").toAbsolutePath().toString());
        connector.setPort(0);
        connector.setProperty("address", "127.0.0.1");
        tomcat.setConnector(connector);
        StandardContext context = (StandardContext) tomcat.addContext(Container.CONTEXT_PATH, null);
        // Its search for leaks wants into the JDK's own packages.
        context.setClearReferencesThreadLocals(false);
        context.setClearReferencesRmiTargets(false);
        for (Filter filter : filters) {
            add(context, filter);
        }
        Tomcat.addServlet(context, "application", servlet).addMapping("/");
        tomcat.start();
    }

    private static void add(Context context, Filter filter) {
        FilterDef definition = new FilterDef();
        definition.setFilterName(filter.getClass().getSimpleName());
        definition.setFilter(filter);
        context.addFilterDef(definition);
        FilterMap map = new FilterMap();
        map.setFilterName(definition.getFilterName());
        map.addURLPattern("/*");
        for (DispatcherType dispatch : DispatcherType.values()) {
            map.setDispatcher(dispatch.name());
        }
        context.addFilterMap(map);
    }

    @Override
    public int port() {
        return connector.getLocalPort();
    }

    @Override
    public void close() {
        try {
            tomcat.stop();
            tomcat.destroy();
        } catch (LifecycleException notStopped) {
            throw new IllegalStateException(notStopped);
        }
    }
}
