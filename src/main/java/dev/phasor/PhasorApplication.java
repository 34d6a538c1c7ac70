package dev.phasor;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts the service. */
@SpringBootApplication
public class PhasorApplication {

    public static void main(String[] args) {
        SpringApplication.run(PhasorApplication.class, args);
    }
}
