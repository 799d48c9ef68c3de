// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.signinsync.testing.RawHttp;
import io.github.signinsync.testing.RawHttp.Answer;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.jetty.ee11.annotations.AnnotationConfiguration;
import org.eclipse.jetty.ee11.webapp.WebAppContext;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.ClassMatcher;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each way to install the jar in an application, done as the README says, in a container of its own. */
class InstallationIT {

    private static final String PAGE = "the account page";

    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);

    @TempDir
    private Path application;

    @BeforeEach
    void copyTheJarsOfTheDemo() throws IOException {
        Path lib = Files.createDirectories(application.resolve("WEB-INF/lib"));
        try (FileSystem war = FileSystems.newFileSystem(Path.of("target", "signin-sync-demo.war"));
                Stream<Path> jars = Files.list(war.getPath("WEB-INF", "lib"))) {
            for (Path jar : jars.toList()) {
                Files.copy(jar, lib.resolve(jar.getFileName().toString()));
            }
        }
        Files.writeString(Files.createDirectory(application.resolve("account")).resolve("page.txt"), PAGE);
        Files.writeString(application.resolve("open.txt"), "an open page");
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    @Test
    void jarAloneWithoutAnIssuerStopsTheStartAndSaysWhatToSet() throws IOException {
        webXml("", "");

        ServletException refused = assertThrows(ServletException.class, this::start);

        String message = String.valueOf(refused.getMessage());
        assertTrue(message.contains("SIGNIN_SYNC_ISSUER"), message);
    }

    @Test
    void jarWithAWebXmlThatNamesItTakesTheInitParamsOfWebXml() throws Exception {
        webXml("", readmeSnippet());
        start();

        assertGuarded();
    }

    @Test
    void webXmlAloneIsEnoughWhereItSaysThatMetadataIsComplete() throws Exception {
        webXml(" metadata-complete=\"true\"", readmeSnippet());
        start();

        assertGuarded();
    }

    @Test
    void secondDeclarationUnderAnotherNameDoesNoHarm() throws Exception {
        String again = readmeSnippet().replace("<filter-name>signin-sync<", "<filter-name>mine<")
                + "<filter-mapping><filter-name>mine</filter-name><url-pattern>/*</url-pattern></filter-mapping>";
        webXml("", readmeSnippet() + again);
        start();

        assertGuarded();
    }

    @Test
    void filterOfTheApplicationItselfNeverAnswersFirst() throws Exception {
        String answersEverything =
                "<filter><filter-name>front</filter-name><filter-class>" + AnswersEverything.class.getName()
                        + "</filter-class></filter><filter-mapping><filter-name>front</filter-name>"
                        + "<url-pattern>/*</url-pattern></filter-mapping>";
        for (String attributes : List.of("", " metadata-complete=\"true\"")) {
            webXml(attributes, answersEverything + readmeSnippet());
            start();

            assertEquals("front controller", get("/app/open.txt").body());
            assertEquals(401, get("/app/account/page.txt").status());
            server.stop();
        }
    }

    private void assertGuarded() {
        assertEquals(200, get("/app/open.txt").status());
        assertEquals(401, get("/app/account/page.txt").status());
        Answer page = get("/app/account/page.txt", "Accept: text/html", "Sec-Fetch-Dest: document");
        assertEquals(302, page.status());
        assertEquals("/app/login.jsp?return=%2Fapp%2Faccount%2Fpage.txt", page.header("Location"));
        assertEquals(200, get("/app/signin-sync/signin-sync.classic.js").status());
        assertEquals(405, get("/app/signin-sync/session").status());
    }

    private void start() throws Exception {
        connector.setHost("127.0.0.1");
        server.setConnectors(new Connector[] {connector});
        WebAppContext context = new WebAppContext();
        context.setContextPath("/app");
        context.setWar(application.toUri().toString());
        context.addConfiguration(new AnnotationConfiguration());
        context.setThrowUnavailableOnStartupException(true);
        // The demo's own classes, which are on the class path of this test, are none of this application's business.
        context.addHiddenClassMatcher(new ClassMatcher(
                Path.of("target", "classes").toAbsolutePath().toUri().toString()));
        server.setHandler(context);
        server.start();
    }

    private Answer get(String path, String... headers) {
        List<String> lines = Stream.concat(Stream.of("GET " + path + " HTTP/1.1"), Stream.of(headers))
                .toList();
        return RawHttp.send(connector.getLocalPort(), "", lines);
    }

    private void webXml(String attributes, String content) throws IOException {
        Files.writeString(
                application.resolve("WEB-INF/web.xml"),
                "<web-app xmlns=\"https://jakarta.ee/xml/ns/jakartaee\" version=\"5.0\"" + attributes + ">" + content
                        + "</web-app>");
    }

    /** A front controller of the old kind: a filter that answers and lets nothing through. */
    public static final class AnswersEverything implements Filter {

        @Override
        public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain) throws IOException {
            response.getWriter().print("front controller");
        }
    }

    private static String readmeSnippet() throws IOException {
        Matcher matcher = Pattern.compile("```xml\\n(<filter>.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("..", "README.md")));
        assertTrue(matcher.find());
        return matcher.group(1);
    }
}
