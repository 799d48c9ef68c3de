// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.demo.launcher;

import io.github.signinsync.demo.idp.StandInProvider;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.jetty.ee11.annotations.AnnotationConfiguration;
import org.eclipse.jetty.ee11.servlet.ErrorPageErrorHandler;
import org.eclipse.jetty.ee11.webapp.WebAppContext;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * Runs the demo: the WAR beside this jar in an embedded container, and the stand-in provider unless {@code
 * SIGNIN_SYNC_ISSUER} names a real one. Ends on Ctrl-C.
 */
public final class DemoLauncher implements AutoCloseable {

    // The logging framework keeps loggers by weak reference only; without ours the level would be forgotten.
    private static final Logger CONTAINER_LOG = Logger.getLogger("org.eclipse.jetty");
    private static final Logger JSP_LOG = Logger.getLogger("org.apache.tomcat");

    private final DemoSettings settings;
    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);
    private final List<StandInProvider> providers = new ArrayList<>();

    private DemoLauncher(DemoSettings settings) {
        this.settings = settings;
    }

    /**
     * Starts the demo and returns when it is up; ends the process with one line if it cannot be.
     *
     * @param arguments none are read; the environment is
     */
    @SuppressWarnings("SystemOut") // A person is waiting for these lines, and a test reads them.
    public static void main(String[] arguments) {
        System.setProperty("java.util.logging.SimpleFormatter.format", "%4$s: %5$s%6$s%n");
        CONTAINER_LOG.setLevel(Level.WARNING);
        // Warns of schemas that it would need only to validate.
        JSP_LOG.setLevel(Level.SEVERE);
        try {
            DemoLauncher launcher = new DemoLauncher(DemoSettings.from(System.getenv()));
            Runtime.getRuntime().addShutdownHook(new Thread(launcher::close, "demo-stop"));
            launcher.start();
            launcher.announce(System.out);
        } catch (IOException taken) {
            giveUp(taken.getMessage() + ". DEMO_PORT and DEMO_PROVIDER_PORT choose other ports; 0 takes any.");
        } catch (Exception refused) {
            giveUp(String.valueOf(refused.getMessage()));
        }
    }

    @SuppressWarnings("SystemOut")
    private static void giveUp(String why) {
        System.err.println("The demo cannot start: " + why);
        // Threads of servers that did start would keep the process alive.
        System.exit(1);
    }

    private void start() throws Exception {
        connector.setHost(settings.host());
        connector.setPort(settings.port());
        connector.open();
        server.addConnector(connector);
        if (!settings.ownIssuer()) {
            startProvider();
        } else if (settings.frontEnd() != null) {
            bringBackWith(settings.frontEnd());
        }
        setUnlessGiven("requiredPaths", "/account, /account/*, /admin, /admin/*");
        setUnlessGiven("loginPage", "/login");
        // This server speaks plain http, and no browser keeps a Secure cookie from that.
        setUnlessGiven("cookieSecure", "false");
        WebAppContext application = new WebAppContext();
        application.setContextPath("/");
        application.setWar(war().toUri().toString());
        application.addConfiguration(new AnnotationConfiguration());
        application.setThrowUnavailableOnStartupException(true);
        application.setErrorHandler(errorPages());
        server.setHandler(new FaultyDoor(Clock.systemUTC(), application));
        System.setProperty("demo.faultsPath", FaultyDoor.PATH);
        server.start();
    }

    /** The application's own pages, and no stack traces where it has none. */
    private static ErrorPageErrorHandler errorPages() {
        ErrorPageErrorHandler pages = new ErrorPageErrorHandler();
        pages.setShowStacks(false);
        return pages;
    }

    private void startProvider() throws IOException {
        InetSocketAddress address = new InetSocketAddress(settings.host(), settings.providerPort());
        StandInProvider provider =
                StandInProvider.start(address, settings.hostInUrls(), appOrigin(), settings.tokenLife());
        providers.add(provider);
        setUnlessGiven("issuer", provider.url());
        setUnlessGiven("jwksUrl", provider.url() + "/.well-known/jwks.json");
        setUnlessGiven("authorizedParties", appOrigin());
        bringBackWith(settings.frontEnd() != null ? settings.frontEnd() : provider.url() + "/clerk.js");
        System.setProperty("demo.providerUrl", provider.url());
    }

    /** Names the scripts that the page for returning users needs: the same that our own pages load. */
    private static void bringBackWith(String providerScript) {
        setUnlessGiven("resyncScripts", providerScript + ", /assets/load-provider.js");
    }

    private void announce(PrintStream out) {
        out.println("Demo: " + appOrigin() + "/");
        providers.forEach(provider -> out.println("Provider: " + provider.url() + "/"));
        if ("false".equals(System.getProperty("signinSync.cookieSecure"))) {
            out.println("Cookies: plain http here, so they are neither Secure nor __Host- prefixed.");
        }
        out.println("Ctrl-C ends the demo.");
        out.flush();
    }

    /** Stops both servers; open requests are cut off. */
    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            CONTAINER_LOG.log(Level.FINE, "The application did not stop cleanly", e);
        }
        providers.forEach(StandInProvider::close);
    }

    private String appOrigin() {
        return "http://" + settings.hostInUrls() + ":" + connector.getLocalPort();
    }

    /** Leaves alone what the person who started us has set, in either spelling. */
    private static void setUnlessGiven(String setting, String value) {
        String property = "signinSync." + setting;
        String variable = "SIGNIN_SYNC_" + setting.replaceAll("([A-Z])", "_$1").toUpperCase(Locale.ROOT);
        if (System.getProperty(property) == null && System.getenv(variable) == null) {
            System.setProperty(property, value);
        }
    }

    private static Path war() throws IOException, URISyntaxException {
        Path self = Path.of(DemoLauncher.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        // Beside the jar, and beside the classes when an IDE starts us.
        Path war = self.resolveSibling("signin-sync-demo.war");
        if (!Files.isRegularFile(war)) {
            throw new IOException(war + " is missing; mvn package makes it");
        }
        return war;
    }
}
