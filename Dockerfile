# Phasor in a container. BACKEND=cuda instead of cpu: docker build --build-arg BACKEND=cuda -t phasor:cuda .
FROM maven:3.9-eclipse-temurin-17 AS build
WORKDIR /build
ARG BACKEND=cpu
# The program ffmpeg is for one machine: this one, unless the image is built for another.
ARG FFMPEG=
# Nothing here runs for long enough to be worth the second compiler.
ENV JAVA_TOOL_OPTIONS=-XX:TieredStopAtLevel=1
# What changes with the POM only: a stub in the place of the sources is built with all plugins, and its dependencies are taken out.
# The root file system is read-only, so JavaCPP finds its native libraries unpacked, in one folder, instead of in their jars.
# ND4J asks for OpenBLAS by a second name. ffmpeg's jar waits for the class that unpacks it. The generator of gRPC's methods asks for
# two libraries that are in libc since glibc 2.34, and that a small image may lack.
COPY pom.xml ./
COPY .mvn .mvn
COPY src/main/proto src/main/proto
RUN for lib in libpthread.so.0 librt.so.1; do at=$(dirname /lib/*/libc.so.6)/$lib; [ -e "$at" ] || ln -s libc.so.6 "$at"; done \
    && mkdir -p src/main/java native jars && echo 'class Stub { public static void main(String[] args) {} }' >src/main/java/Stub.java \
    && echo "-Dffmpeg.platform=${FFMPEG:-linux-$(uname -m | sed s/aarch64/arm64/)}" >>.mvn/maven.config \
    && echo "-Dprotoc.platform=linux-$(uname -m | sed s/aarch64/aarch_64/)" >>.mvn/maven.config \
    && mvn -B -ntp $([ "$BACKEND" = cuda ] && echo -Pcuda) -Dmaven.test.skip -Dspotless.check.skip package \
    && java -Djarmode=tools -jar "$(ls target/phasor-*.jar | grep -v -e -engine)" extract --layers --destination layers \
    && mv layers/dependencies/lib lib && mv lib/ffmpeg-*.jar ffmpeg.jar && mv lib/*-linux-*.jar jars \
    && (cd jars && for jar in *.jar; do jar xf "$jar" org; done && find org -name '*.so*' -exec mv -t ../native {} +) \
    && mv lib/lwjgl-*-natives-linux.jar jars \
    && (cd jars && jar xf lwjgl-*-natives-linux$(uname -m | sed '/aarch64/!d;s/.*/-arm64/').jar linux && find linux -name '*.so' -exec mv -t ../native {} +) \
    && ln -s libopenblas.so.0 native/libopenblas_nolapack.so.0 \
    && rm -r src target layers jars
# The loader of OpenCL's drivers; the driver is the host's. Without apt the image is built for CPUs alone.
RUN if command -v apt-get >/dev/null; then \
        apt-get -qq update && apt-get -qq download ocl-icd-libopencl1 && dpkg -x ocl-icd-libopencl1_*.deb opencl \
        && cp -L opencl/usr/lib/*/libOpenCL.so.1 native/; \
    else echo "WARNING: there is no apt to bring ocl-icd-libopencl1: this image finds no GPU unless libOpenCL.so.1 is mounted"; fi
COPY src/main src/main
COPY examples/audio examples/audio
# Format and static checks are left to mvn verify.
RUN mvn -B -ntp -o $([ "$BACKEND" = cuda ] && echo -Pcuda) -Dmaven.test.skip -Dspotless.check.skip -Dstatic.checks= package \
    && java -Djarmode=tools -jar "$(ls target/phasor-*.jar | grep -v -e -engine)" extract --layers application --application-filename phasor.jar --destination layers
# Which beans there are, found out here instead of at every start.
RUN java --add-modules jdk.incubator.vector -cp 'layers/application/phasor.jar:lib/*' \
        org.springframework.boot.SpringApplicationAotProcessor dev.phasor.PhasorApplication aot/sources aot/classes aot/classes dev.phasor phasor \
    && javac -nowarn -parameters -d aot/classes -cp 'layers/application/phasor.jar:lib/*' $(find aot/sources -name '*.java') \
    && jar uf layers/application/phasor.jar -C aot/classes . \
    && java -cp layers/application/phasor.jar:ffmpeg.jar dev.phasor.decoder.BundledFfmpeg decoder

FROM eclipse-temurin:25-jre
LABEL org.opencontainers.image.title="Phasor" \
      org.opencontainers.image.description="Audio phase reconstruction over HTTP: STFT, safe phase, sound and gradients that are always finite" \
      org.opencontainers.image.licenses="Apache-2.0 AND LGPL-3.0-or-later"
WORKDIR /opt/phasor
COPY --from=build /build/native/ native/
COPY --from=build /build/lib/ lib/
COPY --from=build /build/decoder/ decoder/
COPY --from=build /build/layers/application/ ./
COPY deploy/image/ NOTICE ./
# Where the loader looks for NVIDIA's driver, which its container toolkit mounts.
COPY deploy/opencl/ /etc/OpenCL/vendors/
# Beans as they were found in the build. A container's own JDK_JAVA_OPTIONS takes its place, and then they are found at its start.
ENV JDK_JAVA_OPTIONS=-Dspring.aot.enabled=true \
    PHASOR_DECODER_PATH=/opt/phasor/decoder/ffmpeg
RUN ./prepare && mkdir -p /var/lib/phasor && chown 10001:10001 /var/lib/phasor
# Bound to more than loopback, the service wants a key, or PHASOR_SECURITY_OPEN=true.
ENV SERVER_ADDRESS=0.0.0.0 MANAGEMENT_SERVER_ADDRESS=0.0.0.0 \
    PHASOR_JOBS_FOLDER=/var/lib/phasor/jobs \
    NVIDIA_VISIBLE_DEVICES=all \
    NVIDIA_DRIVER_CAPABILITIES=compute,utility
# All that is written at run time: Tomcat's work folder and spooled bodies; and jobs, for which a volume with a name survives the container.
VOLUME /tmp /var/lib/phasor
EXPOSE 8080 8001 8081
USER 10001:10001
HEALTHCHECK --interval=10s --timeout=3s --start-period=120s --retries=3 CMD ["./ask", "/readyz"]
ENTRYPOINT ["java", "@jvm.options", "-XX:AOTCache=phasor.aot", "-jar", "phasor.jar"]
