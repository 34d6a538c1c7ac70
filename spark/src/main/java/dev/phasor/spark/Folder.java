package dev.phasor.spark;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.util.SerializableConfiguration;

/** A folder of recordings, wherever Hadoop's file systems reach. */
final class Folder implements Serializable {

    private static final long serialVersionUID = 1L;

    /** Endings of what is a recording or an array. Other files are passed over. */
    static final Set<String> ENDINGS = Set.of(
            "wav", "wave", "flac", "npy", "npz", "mp3", "ogg", "oga", "opus", "aac", "m4a", "mp4", "aiff", "aif",
            "aifc", "webm", "mka");

    private final String root;
    private final SerializableConfiguration configuration;

    /** @throws Options.UsageException if there is no such folder */
    Folder(String option, String name, Configuration configuration) throws IOException {
        this.configuration = new SerializableConfiguration(configuration);
        Path path = new Path(name);
        try {
            var status = path.getFileSystem(configuration).getFileStatus(path);
            if (!status.isDirectory()) {
                throw new Options.UsageException("--" + option + " must be a folder, got the file " + name);
            }
            root = status.getPath().toString();
        } catch (FileNotFoundException e) {
            throw new Options.UsageException("--" + option + " must be a folder that exists, got " + name);
        }
    }

    String root() {
        return root;
    }

    /** All recordings below it, sorted by path, without those in hidden folders. */
    List<Recording> recordings() throws IOException {
        TreeMap<String, LocatedFileStatus> found = new TreeMap<>();
        RemoteIterator<LocatedFileStatus> files = fileSystem().listFiles(new Path(root), true);
        while (files.hasNext()) {
            LocatedFileStatus file = files.next();
            String path = file.getPath().toString().substring(root.length() + 1);
            if (isRecording(path)) {
                found.put(path, file);
            }
        }
        Map<String, Integer> stems = new HashMap<>();
        found.keySet().forEach(path -> stems.merge(Recording.stem(path), 1, Integer::sum));
        List<Recording> recordings = new ArrayList<>();
        found.forEach((path, file) -> {
            String stem = Recording.stem(path);
            // a.wav and a.flac have answers of their own.
            String answer = stems.getOrDefault(stem, 1) > 1 ? path : stem;
            recordings.add(new Recording(path, file.getLen(), file.getModificationTime(), answer));
        });
        return recordings;
    }

    private static boolean isRecording(String path) {
        String ending = path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return ENDINGS.contains(ending) && !path.startsWith(".") && !path.contains("/.");
    }

    InputStream open(String path) throws IOException {
        return fileSystem().open(new Path(root, path));
    }

    /** The file of the same name, or of the same name but for the ending. */
    Recording like(Recording recording) throws IOException {
        List<String> names = new ArrayList<>(List.of(recording.path()));
        ENDINGS.stream().sorted().forEach(ending -> names.add(Recording.stem(recording.path()) + "." + ending));
        for (String name : names) {
            try {
                FileStatus file = fileSystem().getFileStatus(new Path(root, name));
                return new Recording(name, file.getLen(), file.getModificationTime(), "");
            } catch (FileNotFoundException e) {
                // the next
            }
        }
        throw new FileNotFoundException("--reference must have a file named as " + recording.path()
                + ", its ending aside, got none in " + root);
    }

    private FileSystem fileSystem() throws IOException {
        return new Path(root).getFileSystem(configuration.value());
    }
}
