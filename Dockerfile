# Phasor in a container. BACKEND=cuda instead of cpu: docker build --build-arg BACKEND=cuda -t phasor:cuda .
FROM maven:3.9-eclipse-temurin-17 AS build
WORKDIR /build
ARG BACKEND=cpu
# What Maven downloads, in a layer that only the POM changes: a stub in the place of the sources is built with all plugins.
COPY pom.xml ./
COPY .mvn .mvn
RUN mkdir -p src/main/java && echo 'class Stub { public static void main(String[] args) {} }' >src/main/java/Stub.java \
    && mvn -B -ntp $([ "$BACKEND" = cuda ] && echo -Pcuda) -Dmaven.test.skip -Dspotless.check.skip package \
    && rm -r src target
COPY src/main src/main
RUN mvn -B -ntp -o $([ "$BACKEND" = cuda ] && echo -Pcuda) -Dmaven.test.skip -Dspotless.check.skip package \
    && java -Djarmode=tools -jar target/phasor-*.jar extract --layers --application-filename phasor.jar --destination layers
# The root file system is read-only, so JavaCPP finds its native libraries unpacked, in one folder, instead of in their jars.
# ND4J asks for OpenBLAS by a second name.
RUN mkdir native jars && mv layers/dependencies/lib/*-linux-*.jar jars/ \
    && (cd jars && for jar in *.jar; do jar xf "$jar" org; done && find org -name '*.so*' -exec mv -t ../native {} +) \
    && ln -s libopenblas.so.0 native/libopenblas_nolapack.so.0

FROM eclipse-temurin:17-jre
LABEL org.opencontainers.image.title="Phasor" \
      org.opencontainers.image.description="Audio phase reconstruction over HTTP: STFT, safe phase, sound and gradients that are always finite" \
      org.opencontainers.image.licenses="Apache-2.0"
WORKDIR /opt/phasor
COPY --from=build /build/native/ native/
COPY --from=build /build/layers/dependencies/ ./
COPY --from=build /build/layers/spring-boot-loader/ ./
COPY --from=build /build/layers/snapshot-dependencies/ ./
COPY --from=build /build/layers/application/ ./
COPY deploy/image/ ./
RUN ./prepare
# Bound to more than loopback, the service wants a key, or PHASOR_SECURITY_OPEN=true.
ENV SERVER_ADDRESS=0.0.0.0 MANAGEMENT_SERVER_ADDRESS=0.0.0.0 \
    NVIDIA_VISIBLE_DEVICES=all \
    NVIDIA_DRIVER_CAPABILITIES=compute,utility
# All that is written at run time: Tomcat's work folder and spooled bodies.
VOLUME /tmp
EXPOSE 8080 8081
USER 10001:10001
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 CMD ["./ask", "/readyz"]
ENTRYPOINT ["java", "@jvm.options", "-XX:SharedArchiveFile=phasor.jsa", "-jar", "phasor.jar"]
