package dev.phasor;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** @param warmup the longest that the service computes for itself before it is ready; 0 for not at all */
@ConfigurationProperties("phasor")
record WarmupSettings(@DefaultValue("5s") Duration warmup) {}
