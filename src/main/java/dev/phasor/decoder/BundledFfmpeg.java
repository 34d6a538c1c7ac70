package dev.phasor.decoder;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The ffmpeg that comes with the service: the program and libraries of {@code org.bytedeco:ffmpeg} (LGPL), unpacked
 * once into a folder of this user's own in the system's temporary one. Later starts find it there.
 */
final class BundledFfmpeg {

    private static final String FOLDER = "org/bytedeco/ffmpeg/";

    /** Of the machines that Linux runs on, as the jar names them, with ELF's number of each. */
    private static final Map<String, Integer> MACHINES = Map.of("linux-x86_64", 62, "linux-arm64", 183);

    private BundledFfmpeg() {}

    /**
     * Unpacks it into a folder, for an image.
     *
     * @param arguments the folder, which does not exist yet
     */
    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        JarURLConnection connection = jar();
        if (connection == null) {
            throw new IOException("org.bytedeco:ffmpeg for " + platform() + " is not on the class path");
        }
        try (JarFile jar = connection.getJarFile()) {
            unpack(jar, files(jar), folder);
        }
    }

    /** The program; null where it does not come for this machine. */
    static @Nullable Path program() throws IOException {
        JarURLConnection connection = jar();
        if (connection == null) {
            return null;
        }
        try (JarFile jar = connection.getJarFile()) {
            List<JarEntry> files = files(jar);
            return folder(jar, files).resolve("ffmpeg");
        }
    }

    private static @Nullable JarURLConnection jar() throws IOException {
        URL program = BundledFfmpeg.class.getClassLoader().getResource(FOLDER + platform() + "/ffmpeg");
        if (program == null || !(program.openConnection() instanceof JarURLConnection connection)) {
            return null;
        }
        connection.setUseCaches(false);
        return connection;
    }

    private static String platform() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String machine =
                System.getProperty("os.arch").replace("amd64", "x86_64").replace("aarch64", "arm64");
        return system + "-" + machine;
    }

    /** What ffmpeg needs: not its other programs, nor the bridges to Java. */
    private static List<JarEntry> files(JarFile jar) {
        String folder = FOLDER + platform() + "/";
        return jar.stream()
                .filter(entry -> !entry.isDirectory() && entry.getName().startsWith(folder))
                .filter(entry -> name(entry).equals("ffmpeg") || name(entry).startsWith("lib"))
                .filter(entry -> !name(entry).startsWith("libjni"))
                .sorted(Comparator.comparing(JarEntry::getName))
                .toList();
    }

    private static String name(JarEntry entry) {
        return entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
    }

    /** The folder under its lasting name, whose content its checksum tells. */
    private static Path folder(JarFile jar, List<JarEntry> files) throws IOException {
        CRC32 sum = new CRC32();
        files.forEach(entry -> sum.update((name(entry) + entry.getCrc()).getBytes(StandardCharsets.UTF_8)));
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        String user = System.getProperty("user.name").replaceAll("[^A-Za-z0-9]", "_");
        Path lasting = temporary.resolve("phasor-ffmpeg-" + user + "-" + Long.toHexString(sum.getValue()));
        Path mine = Files.createTempDirectory(temporary, "phasor-ffmpeg-"); // of this user, who alone may enter it
        try {
            if (!Files.exists(lasting, LinkOption.NOFOLLOW_LINKS)) {
                unpack(jar, files, mine);
                try {
                    return Files.move(mine, lasting, StandardCopyOption.ATOMIC_MOVE);
                } catch (FileSystemException e) {
                    // Another process was faster: its folder is looked at.
                }
            }
            if (!isOwn(lasting, mine)) {
                throw new IOException(lasting + " must be a folder of this user's own, with permissions 700");
            }
            unpack(jar, files, lasting); // what a cleaner of temporary files has taken
            return lasting;
        } finally {
            delete(mine);
        }
    }

    /** Whether nobody else can have put anything into it. */
    private static boolean isOwn(Path folder, Path mine) throws IOException {
        return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                && Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(mine))
                && PosixFilePermissions.toString(Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS))
                        .equals("rwx------");
    }

    /** Writes what is not there, each file at once: other processes may run what is. */
    private static void unpack(JarFile jar, List<JarEntry> files, Path folder) throws IOException {
        for (JarEntry entry : files) {
            Path file = folder.resolve(name(entry));
            if (!isThere(file, entry.getSize())) {
                try (InputStream content = jar.getInputStream(entry)) {
                    write(folder, file, content, name(entry).equals("ffmpeg"));
                }
            }
        }
        byte[] empty = EmptyLibrary.bytes(MACHINES.getOrDefault(platform(), 0));
        for (String name : EmptyLibrary.NAMES) {
            if (!isThere(folder.resolve(name), empty.length)) {
                write(folder, folder.resolve(name), new ByteArrayInputStream(empty), false);
            }
        }
    }

    private static boolean isThere(Path file, long size) throws IOException {
        return Files.exists(file) && Files.size(file) == size;
    }

    private static void write(Path folder, Path file, InputStream content, boolean program) throws IOException {
        Path part = Files.createTempFile(folder, "part", "");
        Files.copy(content, part, StandardCopyOption.REPLACE_EXISTING);
        Files.setPosixFilePermissions(part, PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
