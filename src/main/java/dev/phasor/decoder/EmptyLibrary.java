package dev.phasor.decoder;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A shared library for Linux that holds nothing. The ffmpeg of Maven Central is linked with libraries for screens and
 * sound cards, which servers do not have and a decoder never calls. The system's loader wants a file of each name and
 * binds their functions at the first call only, so an empty library stands for each.
 */
final class EmptyLibrary {

    /** The libraries that the service gives to ffmpeg empty: those of libavdevice. */
    static final String[] NAMES = {"libxcb.so.1", "libxcb-shm.so.0", "libasound.so.2", "libpulse.so.0"};

    private static final int HEADER = 64;
    private static final int SEGMENT = 56;
    private static final int SEGMENTS = 3;
    private static final int ENTRIES = 5;
    private static final int DYNAMIC = HEADER + SEGMENTS * SEGMENT;
    private static final int SYMBOLS = DYNAMIC + ENTRIES * 16;
    private static final int SYMBOL = 24;
    private static final int STRINGS = SYMBOLS + SYMBOL;
    private static final int SIZE = STRINGS + 8;

    /** The largest page of Linux on ARM; a segment may be aligned to more than a page. */
    private static final int ALIGNMENT = 1 << 16;

    private static final int READ_WRITE = 6;

    private EmptyLibrary() {}

    /**
     * The library as an ELF file of 64 bits, little-endian (System V ABI, chapters 4 and 5).
     *
     * @param machine e_machine: 62 for x86-64, 183 for ARM64
     */
    static byte[] bytes(int machine) {
        ByteBuffer elf = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
        elf.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}).position(16);
        elf.putShort((short) 3).putShort((short) machine).putInt(1); // a shared object, of version 1
        elf.putLong(0).putLong(HEADER).putLong(0).putInt(0); // no entry, segments behind the header, no sections
        elf.putShort((short) HEADER).putShort((short) SEGMENT).putShort((short) SEGMENTS);
        elf.position(HEADER);
        segment(elf, 1, 0, SIZE, ALIGNMENT); // PT_LOAD
        segment(elf, 2, DYNAMIC, ENTRIES * 16, 8); // PT_DYNAMIC
        segment(elf, 0x6474e551, 0, 0, 16); // PT_GNU_STACK: no code on the stack
        elf.putLong(5).putLong(STRINGS); // DT_STRTAB
        elf.putLong(6).putLong(SYMBOLS); // DT_SYMTAB
        elf.putLong(10).putLong(1); // DT_STRSZ
        elf.putLong(11).putLong(SYMBOL); // DT_SYMENT
        return elf.array(); // DT_NULL, the null symbol and the empty string are zeros
    }

    private static void segment(ByteBuffer elf, int type, long offset, long size, long alignment) {
        elf.putInt(type).putInt(READ_WRITE);
        elf.putLong(offset).putLong(offset).putLong(offset); // in the file, in memory, and the same once more
        elf.putLong(size).putLong(size).putLong(alignment);
    }
}
