package dev.phasor;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures;
import dev.phasor.phase.PhaseKernel;
import dev.phasor.reconstruction.Algorithm;
import dev.phasor.reconstruction.Kernels;
import dev.phasor.reconstruction.PhaseReconstructor;
import dev.phasor.stft.Stft;
import dev.phasor.stft.StftParameters;
import java.util.Random;
import java.util.stream.BaseStream;
import org.springframework.web.bind.annotation.RestController;

/** The house: six floors, no arrow up, each library in one room. */
@AnalyzeClasses(packages = "dev.phasor", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule floors = Architectures.layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("signal")
            .definedBy("dev.phasor.signal..")
            .layer("codec")
            .definedBy("dev.phasor.codec..")
            .layer("stft")
            .definedBy("dev.phasor.stft..")
            .layer("mel")
            .definedBy("dev.phasor.mel..")
            .layer("phase")
            .definedBy("dev.phasor.phase..")
            .layer("compute")
            .definedBy("dev.phasor.compute..")
            .layer("decoder")
            .definedBy("dev.phasor.decoder..")
            .layer("reconstruction")
            .definedBy("dev.phasor.reconstruction..")
            .layer("gradient")
            .definedBy("dev.phasor.gradient..")
            .layer("operation")
            .definedBy("dev.phasor.operation..")
            .layer("job")
            .definedBy("dev.phasor.job..")
            .layer("device")
            .definedBy("dev.phasor.device..")
            .layer("web")
            .definedBy("dev.phasor.web..")
            .layer("application")
            .definedBy("dev.phasor")
            .whereLayer("signal")
            .mayNotAccessAnyLayer()
            .whereLayer("codec")
            .mayOnlyAccessLayers("signal")
            .whereLayer("stft")
            .mayOnlyAccessLayers("signal")
            .whereLayer("mel")
            .mayOnlyAccessLayers("signal")
            .whereLayer("phase")
            .mayOnlyAccessLayers("signal")
            .whereLayer("compute")
            .mayOnlyAccessLayers("signal")
            .whereLayer("decoder")
            .mayOnlyAccessLayers("signal", "codec", "compute")
            .whereLayer("reconstruction")
            .mayOnlyAccessLayers("signal", "stft", "phase", "mel")
            .whereLayer("gradient")
            .mayOnlyAccessLayers("signal", "stft", "phase", "mel")
            .whereLayer("operation")
            .mayOnlyAccessLayers(
                    "signal", "codec", "stft", "phase", "mel", "compute", "decoder", "reconstruction", "gradient")
            .whereLayer("job")
            .mayOnlyAccessLayers("signal", "compute", "reconstruction", "operation")
            .whereLayer("device")
            .mayOnlyAccessLayers("signal", "stft", "phase", "reconstruction")
            .whereLayer("web")
            .mayOnlyAccessLayers(
                    "signal",
                    "codec",
                    "stft",
                    "phase",
                    "mel",
                    "compute",
                    "decoder",
                    "reconstruction",
                    "gradient",
                    "operation",
                    "job")
            .whereLayer("application")
            .mayNotBeAccessedByAnyLayer();

    /** What the faces share knows none of them, and no face knows another. */
    @ArchTest
    static final ArchRule facesAreStrangers = slices().matching("dev.phasor.web.(audio|inference|grpc|live|job)..")
            .should()
            .notDependOnEachOther();

    @ArchTest
    static final ArchRule nobodyNeedsAFace = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "dev.phasor.web.audio..",
                    "dev.phasor.web.inference..",
                    "dev.phasor.web.grpc..",
                    "dev.phasor.web.live..",
                    "dev.phasor.web.job..",
                    "dev.phasor")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.phasor.web.audio..",
                    "dev.phasor.web.inference..",
                    "dev.phasor.web.grpc..",
                    "dev.phasor.web.live..",
                    "dev.phasor.web.job..");

    /** Live sessions have no protocol of their own: the faces that bring them have. */
    @ArchTest
    static final ArchRule sessionsHaveNoProtocol = noClasses()
            .that()
            .resideInAPackage("dev.phasor.web.session..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.springframework.web.socket..",
                    "jakarta.servlet..",
                    "io.grpc..",
                    "inference..",
                    "tools.jackson..");

    /** One room has gRPC, and the settings of its server, which the keys look at. */
    @ArchTest
    static final ArchRule grpcInItsRoom = noClasses()
            .that()
            .resideOutsideOfPackage("dev.phasor.web.grpc..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.grpc..", "inference..", "com.google.protobuf..");

    @ArchTest
    static final ArchRule noCycles =
            slices().matching("dev.phasor.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule signalKnowsTheJdkOnly = classes()
            .that(resideInAPackage("dev.phasor.signal.."))
            .should()
            .onlyDependOnClassesThat(
                    resideInAnyPackage("dev.phasor.signal..", "java..", "jdk.incubator.vector..", "org.jspecify.."));

    /** Of a second one every other would pay, see {@link dev.phasor.signal.VectorLanes}. */
    @ArchTest
    static final ArchRule oneShapeOfVectors = noClasses()
            .that()
            .doNotHaveSimpleName("VectorLanes")
            .should()
            .accessFieldWhere(target(nameMatching("SPECIES_(64|128|512|MAX|PREFERRED)")));

    /** The root chooses what computes; an engine without a root, once, in these. */
    @ArchTest
    static final ArchRule kernelsAreChosenInTheRoot = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("dev.phasor.EngineConfiguration")
            .and()
            .doNotHaveSimpleName("Kernels")
            .and()
            .doNotHaveSimpleName("PhaseReconstructor")
            .should()
            .callConstructor(Stft.class, StftParameters.class)
            .orShould()
            .callMethod(Kernels.class, "best")
            .orShould()
            .callMethod(Kernels.class, "with", PhaseKernel.class)
            .orShould()
            .callMethod(PhaseReconstructor.class, "of", Algorithm.class);

    /** A stream that fails does not wait for what its other threads do; {@link dev.phasor.signal.Ranges} does. */
    @ArchTest
    static final ArchRule threadsHelpByRanges = noClasses()
            .that()
            .doNotHaveSimpleName("Ranges")
            .should()
            .callMethodWhere(target(nameMatching("parallel")).and(target(owner(assignableTo(BaseStream.class)))))
            .orShould()
            .callMethodWhere(target(nameMatching("parallelStream|parallelSort|fork|invokeAll")));

    @ArchTest
    static final ArchRule openClInDevice = noClasses()
            .that()
            .resideOutsideOfPackage("dev.phasor.device..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.lwjgl..");

    @ArchTest
    static final ArchRule devicesAreTheRootsAlone = noClasses()
            .that()
            .resideOutsideOfPackages("dev.phasor.device..", "dev.phasor")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.phasor.device..");

    @ArchTest
    static final ArchRule jtransformsInStft = noClasses()
            .that()
            .resideOutsideOfPackage("dev.phasor.stft..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.jtransforms..", "pl.edu.icm..");

    @ArchTest
    static final ArchRule nd4jInPhase = noClasses()
            .that()
            .resideOutsideOfPackage("dev.phasor.phase..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.nd4j..", "org.bytedeco..");

    @ArchTest
    static final ArchRule springInWeb = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "dev.phasor.web..",
                    "dev.phasor.compute..",
                    "dev.phasor.decoder..",
                    "dev.phasor.job..",
                    "dev.phasor")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework..", "jakarta..");

    /** Settings are bound and checked by it, and no more. */
    @ArchTest
    static final ArchRule springInCompute = noClasses()
            .that()
            .resideInAnyPackage("dev.phasor.compute..", "dev.phasor.decoder..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("org.springframework..", "jakarta..")
                    .and(not(resideInAnyPackage(
                            "org.springframework.boot.context.properties..",
                            "org.springframework.util.unit..",
                            "org.springframework.validation.annotation..",
                            "jakarta.validation..",
                            "jakarta.annotation.."))));

    /** Settings too, and SQL. */
    @ArchTest
    static final ArchRule springInJob = noClasses()
            .that()
            .resideInAPackage("dev.phasor.job..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("org.springframework..", "jakarta..")
                    .and(not(resideInAnyPackage(
                            "org.springframework.boot.context.properties..",
                            "org.springframework.util.unit..",
                            "org.springframework.validation.annotation..",
                            "org.springframework.jdbc..",
                            "org.springframework.dao..",
                            "org.springframework.transaction..",
                            "jakarta.validation..")))
                    .and(not(nameMatching("org.springframework.core.NestedRuntimeException"))));

    @ArchTest
    static final ArchRule databasesInJob = noClasses()
            .that()
            .resideOutsideOfPackage("dev.phasor.job..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "java.sql..",
                    "javax.sql..",
                    "org.springframework.jdbc..",
                    "com.zaxxer..",
                    "org.flywaydb..",
                    "com.github.kagkarlsson..");

    @ArchTest
    static final ArchRule jsonInWeb = noClasses()
            .that()
            .resideOutsideOfPackage("dev.phasor.web..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("tools.jackson..", "com.fasterxml..");

    /** One room starts programs. */
    @ArchTest
    static final ArchRule processesInDecoder = noClasses()
            .that()
            .resideOutsideOfPackage("dev.phasor.decoder..")
            .should()
            .dependOnClassesThat()
            .haveNameMatching("java.lang.Process(Builder)?");

    @ArchTest
    static final ArchRule controllersArePrivate =
            classes().that().areAnnotatedWith(RestController.class).should().bePackagePrivate();

    @ArchTest
    static final ArchRule randomnessIsSeeded =
            noClasses().should().callConstructor(Random.class).orShould().callMethod(Math.class, "random");
}
