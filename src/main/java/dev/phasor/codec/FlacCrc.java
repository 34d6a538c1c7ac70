package dev.phasor.codec;

/** The two checksums of a FLAC frame (RFC 9639, 9.1.8 and 9.3), both with initial value 0 and not reflected. */
final class FlacCrc {

    private static final int[] CRC_8 = table(8, 0x07);
    private static final int[] CRC_16 = table(16, 0x8005);

    private FlacCrc() {}

    private static int[] table(int bits, int polynomial) {
        int[] table = new int[256];
        for (int i = 0; i < 256; i++) {
            int crc = i << (bits - 8);
            for (int bit = 0; bit < 8; bit++) {
                crc = crc << 1 ^ ((crc >> (bits - 1) & 1) != 0 ? polynomial : 0);
            }
            table[i] = crc & ((1 << bits) - 1);
        }
        return table;
    }

    static int crc8(int crc, int octet) {
        return CRC_8[(crc ^ octet) & 0xff];
    }

    static int crc16(int crc, byte[] bytes, int from, int to) {
        int sum = crc;
        for (int i = from; i < to; i++) {
            sum = (sum << 8 & 0xffff) ^ CRC_16[sum >> 8 ^ (bytes[i] & 0xff)];
        }
        return sum;
    }
}
