package dev.phasor.web.connection;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.catalina.Container;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Deletes the two temporary folders that Tomcat creates for each port, once the port is open. The service puts nothing
 * into them, and a killed process would leave them behind. A folder that holds a file stays.
 */
@Component
class WorkFolders {

    private static final Logger log = LoggerFactory.getLogger(WorkFolders.class);

    @EventListener
    void delete(WebServerInitializedEvent started) {
        if (!(started.getWebServer() instanceof TomcatWebServer server)) {
            return;
        }
        Tomcat tomcat = server.getTomcat();
        Set<Path> folders = new LinkedHashSet<>();
        folders.add(tomcat.getServer().getCatalinaBase().toPath());
        // The process's first Tomcat sets the home folder, and the second Tomcat creates it again.
        folders.add(tomcat.getServer().getCatalinaHome().toPath());
        for (Container child : tomcat.getHost().findChildren()) {
            if (child instanceof Context context && context.getDocBase() != null) {
                folders.add(Path.of(context.getDocBase()));
            }
        }
        folders.stream().filter(WorkFolders::isTemporary).forEach(WorkFolders::deleteEmpty);
    }

    private static boolean isTemporary(Path folder) {
        return folder.startsWith(Path.of(System.getProperty("java.io.tmpdir")))
                && folder.getFileName().toString().startsWith("tomcat");
    }

    private static void deleteEmpty(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.filter(Files::isDirectory)
                    .sorted(Comparator.reverseOrder())
                    .toList()) {
                Files.delete(each);
            }
        } catch (NoSuchFileException | DirectoryNotEmptyException e) {
            log.debug("not deleted: {}", folder, e);
        } catch (IOException e) {
            log.warn("the container's folder {} cannot be deleted", folder, e);
        }
    }
}
