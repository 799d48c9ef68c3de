// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.signinsync.config.ConfigReader;
import io.github.signinsync.config.Setting;
import io.github.signinsync.config.SigninSyncConfig;
import io.github.signinsync.servlet.SigninSyncFilter;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** The README says what the code does: its table, its snippets and its length are held against the code. */
class ReadmeTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern ROW = Pattern.compile("\\| `(\\w+)` \\| (.+?) \\| .+ \\|");

    @Test
    void tableHasEverySettingWithItsDefaultInOrder() throws IOException {
        Map<String, String> rows = new LinkedHashMap<>();
        String table = section("## Settings");
        Matcher matcher = ROW.matcher(table);
        while (matcher.find()) {
            rows.put(matcher.group(1), matcher.group(2));
        }
        Map<String, String> settings = Arrays.stream(Setting.values())
                .collect(Collectors.toMap(
                        Setting::key, Setting::defaultText, (first, second) -> first, LinkedHashMap::new));

        assertEquals(List.copyOf(settings.entrySet()), List.copyOf(rows.entrySet()));
    }

    @Test
    void defaultsInTheTableAreTheOnesTheCodeHas() {
        SigninSyncConfig.Builder untouched = SigninSyncConfig.builder().issuer("https://issuer.example");
        Map<String, String> spelledOut = new HashMap<>();
        for (Setting setting : Setting.values()) {
            boolean isValue = !List.of(
                            "required",
                            "issuer's /.well-known/jwks.json",
                            "unchecked",
                            "this host",
                            "own origin",
                            "none")
                    .contains(setting.defaultText());
            if (isValue && setting != Setting.LOGIN_PAGE) {
                spelledOut.put(setting.key(), setting.defaultText());
            }
        }
        spelledOut.put("issuer", "https://issuer.example");

        assertEquals(untouched.build(), new ConfigReader(spelledOut, Map.of(), Map.of()).read());
    }

    @Test
    void quickStartIsAConfigurationThatStarts() throws IOException {
        Map<String, String> exported = new HashMap<>();
        Matcher matcher = Pattern.compile("export (\\w+)='?([^\\s']+)").matcher(section("## Quick start"));
        while (matcher.find()) {
            exported.put(matcher.group(1), matcher.group(2));
        }

        SigninSyncConfig config = new ConfigReader(Map.of(), Map.of(), exported).read();

        assertEquals(4, exported.size());
        assertEquals(List.of("/account/*"), config.access().requiredPaths());
    }

    @Test
    void dependencyIsThisOne() throws Exception {
        Document snippet = xml(block("xml", "<dependency>"));
        Document pom = xml(Files.readString(Path.of("pom.xml")));
        Element parent = (Element) pom.getElementsByTagName("parent").item(0);

        assertEquals(text(parent, "groupId"), text(snippet.getDocumentElement(), "groupId"));
        assertEquals(text(parent, "version"), text(snippet.getDocumentElement(), "version"));
        assertTrue(Files.readString(Path.of("pom.xml"))
                .contains("<artifactId>" + text(snippet.getDocumentElement(), "artifactId") + "</artifactId>"));
    }

    @Test
    void webXmlDeclaresThisFilterWithSettingsThatStart() throws Exception {
        Element root =
                xml("<web-app>" + block("xml", "<filter>") + "</web-app>").getDocumentElement();
        Map<String, String> initParams = new HashMap<>();
        NodeList params = root.getElementsByTagName("init-param");
        for (int i = 0; i < params.getLength(); i++) {
            Element param = (Element) params.item(i);
            initParams.put(text(param, "param-name"), text(param, "param-value"));
        }

        assertEquals(SigninSyncFilter.class.getName(), text(root, "filter-class"));
        assertEquals("signin-sync", text(root, "filter-name"));
        assertEquals("true", text(root, "async-supported"));
        SigninSyncConfig config = new ConfigReader(initParams, Map.of(), Map.of()).read();
        assertEquals("/login.jsp", config.access().loginPage());
        assertTrue(Files.readString(Path.of("src/main/resources/META-INF/web-fragment.xml"))
                .contains("<filter-name>signin-sync</filter-name>"));
    }

    @Test
    void javaCompiles(@TempDir Path output) throws IOException {
        String source = block("java", "class");
        String name = source.replaceAll("(?s).*class (\\w+).*", "$1");
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        JavaFileObject file =
                new SimpleJavaFileObject(URI.create("string:///" + name + ".java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return source;
                    }
                };

        assertTrue(compiler.getTask(
                        null,
                        null,
                        null,
                        List.of(
                                "-proc:none",
                                "-d",
                                output.toString(),
                                "-classpath",
                                System.getProperty("java.class.path")),
                        null,
                        List.of(file))
                .call());
    }

    @Test
    void scriptTagsNameFilesThatAreServed() throws IOException {
        for (String tag : blocks("html")) {
            Matcher matcher =
                    Pattern.compile("src=\"/app/signin-sync/([\\w.-]+)\"").matcher(tag);
            assertTrue(matcher.find(), tag);
            assertTrue(List.of("signin-sync.classic.js", "signin-sync.js").contains(matcher.group(1)), tag);
        }
        assertEquals(2, blocks("html").size());
    }

    @Test
    void filesItPointsToAreThere() throws IOException {
        Matcher matcher =
                Pattern.compile("[(`]((?:\\.github|filter)/[\\w./-]+)[)`]").matcher(readme());
        List<String> named = new ArrayList<>();
        while (matcher.find()) {
            named.add(matcher.group(1));
            assertTrue(Files.exists(ROOT.resolve(matcher.group(1))), matcher.group(1));
        }
        assertFalse(named.isEmpty());
    }

    @Test
    void isShort() throws IOException {
        assertTrue(readme().lines().count() < 170);
    }

    private static String readme() throws IOException {
        return Files.readString(ROOT.resolve("README.md"));
    }

    private static String section(String heading) throws IOException {
        String readme = readme();
        int start = readme.indexOf(heading + "\n");
        assertTrue(start >= 0, heading);
        int end = readme.indexOf("\n## ", start + 1);
        return readme.substring(start, end < 0 ? readme.length() : end);
    }

    private static List<String> blocks(String language) throws IOException {
        Matcher matcher = Pattern.compile("```" + language + "\\n(.*?)```", Pattern.DOTALL)
                .matcher(readme());
        List<String> blocks = new ArrayList<>();
        while (matcher.find()) {
            blocks.add(matcher.group(1));
        }
        return blocks;
    }

    private static String block(String language, String part) throws IOException {
        return blocks(language).stream()
                .filter(block -> block.contains(part))
                .findFirst()
                .orElseThrow();
    }

    private static Document xml(String text) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(text)));
    }

    private static String text(Element element, String name) {
        return element.getElementsByTagName(name).item(0).getTextContent().strip();
    }
}
