package dev.phasor;

import dev.phasor.compute.OutOfMemory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.grpc.server.autoconfigure.security.GrpcServerSecurityAutoConfiguration;

/** Starts the service. It checks the keys of gRPC calls itself, as those of HTTP. */
@SpringBootApplication(exclude = GrpcServerSecurityAutoConfiguration.class)
public class PhasorApplication {

    public static void main(String[] args) {
        OutOfMemory.watchThreads();
        SpringApplication.run(PhasorApplication.class, args);
    }
}
