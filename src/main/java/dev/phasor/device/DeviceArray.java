package dev.phasor.device;

/**
 * Memory of a device.
 *
 * @param handle the driver's
 * @param bytes its size
 */
record DeviceArray(long handle, long bytes) {}
