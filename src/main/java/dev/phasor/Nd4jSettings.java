package dev.phasor;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** @param maxMemory what heap and ND4J's buffers may take together, such as {@code 8g}; empty for ND4J's own bound */
@ConfigurationProperties("phasor.nd4j")
record Nd4jSettings(@DefaultValue("") String maxMemory) {}
