package dev.phasor.reconstruction;

/**
 * A device that was found beside the host's cores.
 *
 * @param name as its driver tells it
 * @param kind gpu, cpu or other
 * @param driver the driver's name and version
 * @param memory bytes of its own memory
 * @param used whether it computes
 * @param reason why it is used or not
 */
public record AcceleratorDevice(String name, String kind, String driver, long memory, boolean used, String reason) {}
