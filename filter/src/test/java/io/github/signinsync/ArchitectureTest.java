// SPDX-License-Identifier: Apache-2.0
package io.github.signinsync;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;

/** Holds the rooms: who may use whom, who may name which library, and what an application can import. */
@AnalyzeClasses(packages = "io.github.signinsync", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String ROOT = "io.github.signinsync";

    @ArchTest
    static final ArchRule ROOMS_USE_LOWER_ROOMS_ONLY = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage(ROOT + "..")
            .layer("root")
            .definedBy(ROOT)
            .layer("config")
            .definedBy(ROOT + ".config..")
            .layer("keys")
            .definedBy(ROOT + ".keys..")
            .layer("token")
            .definedBy(ROOT + ".token..")
            .layer("session")
            .definedBy(ROOT + ".session..")
            .layer("servlet")
            .definedBy(ROOT + ".servlet..")
            .whereLayer("servlet")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("session")
            .mayOnlyBeAccessedByLayers("servlet")
            .whereLayer("token")
            .mayOnlyBeAccessedByLayers("session", "servlet")
            .whereLayer("keys")
            .mayOnlyBeAccessedByLayers("token", "servlet")
            .whereLayer("root")
            .mayOnlyBeAccessedByLayers("token", "session", "servlet")
            .whereLayer("config")
            .mayOnlyBeAccessedByLayers("keys", "token", "session", "servlet");

    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching(ROOT + ".(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule JAVA_JWT_IN_TOKEN_ONLY = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".token..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.auth0.jwt..");

    @ArchTest
    static final ArchRule JWKS_RSA_IN_KEYS_ONLY = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".keys..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.auth0.jwk..");

    @ArchTest
    static final ArchRule JACKSON_WHERE_JSON_IS_READ = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT + ".keys..", ROOT + ".token..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.fasterxml..");

    @ArchTest
    static final ArchRule SERVLET_API_AT_THE_TOP_ONLY = noClasses()
            .that()
            .resideInAnyPackage(ROOT + ".config..", ROOT + ".keys..", ROOT + ".token..", ROOT)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("jakarta..");

    @ArchTest
    static final ArchRule TIME_IS_HANDED_IN = noClasses()
            .that()
            .doNotHaveSimpleName("Wiring")
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Clock.class, "systemUTC");

    @ArchTest
    static final ArchRule NOTHING_PRINTS = noClasses()
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .orShould()
            .callMethod(Throwable.class, "printStackTrace");

    @ArchTest
    static final ArchRule CLASSES_ARE_FINAL = classes()
            .that()
            .areNotInterfaces()
            .and()
            .areNotEnums()
            .and()
            .areNotAnonymousClasses()
            .should()
            .haveModifier(JavaModifier.FINAL);

    /** What an application can import. A new name here is a promise: make it on purpose. */
    @ArchTest
    static void theApiIsPinned(JavaClasses all) {
        Set<String> api = new TreeSet<>();
        for (JavaClass type : all) {
            boolean exported = type.getPackageName().equals(ROOT)
                    || type.getPackageName().equals(ROOT + ".config")
                    || type.getPackageName().equals(ROOT + ".servlet");
            if (exported && isPublic(type) && !type.getSimpleName().equals("package-info")) {
                api.add(type.getName().substring(ROOT.length() + 1));
            }
        }
        assertEquals(
                Set.of(
                        "AuthChange",
                        "AuthChange$Cause",
                        "AuthChange$SignedIn",
                        "AuthChange$SignedOut",
                        "AuthChangeListener",
                        "Revocations",
                        "RolesMapper",
                        "SessionIdentity",
                        "SessionPrincipal",
                        "config.ConfigReader",
                        "config.Setting",
                        "config.SigninSyncConfig",
                        "config.SigninSyncConfig$Access",
                        "config.SigninSyncConfig$Builder",
                        "config.SigninSyncConfig$Cookie",
                        "config.SigninSyncConfig$HttpSessionBinding",
                        "config.SigninSyncConfig$Keys",
                        "config.SigninSyncConfig$Resync",
                        "config.SigninSyncConfig$Script",
                        "config.SigninSyncConfig$Session",
                        "config.SigninSyncConfig$Sync",
                        "config.SigninSyncConfig$Token",
                        "servlet.SigninSyncFilter",
                        "servlet.SigninSyncInitializer"),
                api);
    }

    private static boolean isPublic(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC)
                && type.getEnclosingClass().map(ArchitectureTest::isPublic).orElse(true);
    }
}
