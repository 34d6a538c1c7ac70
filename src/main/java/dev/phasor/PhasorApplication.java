package dev.phasor;

import dev.phasor.compute.OutOfMemory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts the service. */
@SpringBootApplication
public class PhasorApplication {

    public static void main(String[] args) {
        OutOfMemory.watchThreads();
        SpringApplication.run(PhasorApplication.class, args);
    }
}
