package dev.phasor;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param maxMemory the memory of the heap and ND4J's buffers together, such as {@code 8g}; empty for the default bound
 */
@ConfigurationProperties("phasor.nd4j")
record Nd4jSettings(@DefaultValue("") String maxMemory) {}
