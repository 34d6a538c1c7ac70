package dev.phasor.job;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The files of all jobs: each job has a folder of its own, under the first two letters of its id. */
final class JobFolder {

    private static final int PREFIX = 2;

    private final Path place;

    JobFolder(Path place) {
        this.place = place;
    }

    private Path of(String job) {
        return place.resolve(job.substring(0, PREFIX)).resolve(job);
    }

    /** A job's folder, made if it is not there. */
    private Path made(String job) throws IOException {
        return Files.createDirectories(of(job));
    }

    WholeFile newBody(String job) throws IOException {
        return new WholeFile(made(job).resolve("body"));
    }

    Path body(String job) {
        return of(job).resolve("body");
    }

    /** The answer of an attempt: two attempts that run at once, since one seemed dead, write different files. */
    WholeFile newResult(String job, int attempt) throws IOException {
        return new WholeFile(made(job).resolve("result-" + attempt));
    }

    Path result(String job, int attempt) {
        return of(job).resolve("result-" + attempt);
    }

    WholeFile newFile(String job, String name) throws IOException {
        return new WholeFile(made(job).resolve(name));
    }

    Path file(String job, String name) {
        return of(job).resolve(name);
    }

    /** Removes what an ended job needs no more: all but its answer. */
    void trim(String job, int attempt) throws IOException {
        Path result = result(job, attempt);
        for (Path file : files(of(job))) {
            if (!file.equals(result)) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** Removes the files whose names begin so. */
    void remove(String job, String prefix) throws IOException {
        for (Path file : files(of(job))) {
            if (file.getFileName().toString().startsWith(prefix)) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** Removes what was begun and is no whole file. */
    void removeParts(String job) throws IOException {
        for (Path file : files(of(job))) {
            if (file.getFileName().toString().endsWith(WholeFile.PART)) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** The names that begin so. */
    List<String> names(String job, String prefix) throws IOException {
        return files(of(job)).stream()
                .map(file -> file.getFileName().toString())
                .filter(name -> name.startsWith(prefix))
                .toList();
    }

    /** Bytes of the files whose names begin so. */
    long bytes(String job, String prefix) throws IOException {
        long bytes = 0;
        for (Path file : files(of(job))) {
            if (file.getFileName().toString().startsWith(prefix)) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }

    /** Removes a job's folder. A job that has just ended may be removing files of its own meanwhile. */
    void remove(String job) throws IOException {
        remove(job, "");
        Files.deleteIfExists(of(job));
    }

    private static List<Path> files(Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
            all.forEach(files::add);
        } catch (NoSuchFileException e) {
            return List.of();
        }
        return files;
    }

    /** Whether a job's folder was changed before a time, and not since. */
    boolean isBefore(String job, long millis) throws IOException {
        return Files.getLastModifiedTime(of(job)).toMillis() < millis;
    }

    /** The ids of all jobs that have a folder which was changed before a time. */
    List<String> before(long millis) throws IOException {
        List<String> jobs = new ArrayList<>();
        for (Path prefix : files(place)) {
            if (Files.isDirectory(prefix) && prefix.getFileName().toString().length() == PREFIX) {
                for (Path folder : files(prefix)) {
                    String job = folder.getFileName().toString();
                    if (isBefore(job, millis)) {
                        jobs.add(job);
                    }
                }
            }
        }
        return jobs;
    }
}
