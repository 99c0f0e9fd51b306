package org.chancery.omegat;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import org.omegat.util.StaticUtils;

/** What chancery.properties in the configuration folder of OmegaT says. */
final class Settings {
    final String library;
    final String memory;
    final String author;
    /** Whether translations go into the memory as drafts. */
    final boolean drafts;

    private Settings(Properties properties, File file) throws IOException {
        library = required(properties, "library", file);
        memory = required(properties, "memory", file);
        author = properties.getProperty("author", System.getProperty("user.name", "")).trim();
        drafts = Boolean.parseBoolean(properties.getProperty("drafts", "true").trim());
    }

    static Settings read() throws IOException {
        File file = new File(StaticUtils.getConfigDir(), "chancery.properties");
        if (!file.exists()) {
            throw new IOException("Chancery: there is no " + file + "; see the README of the plugin");
        }
        Properties properties = new Properties();
        try (Reader reader = new InputStreamReader(new FileInputStream(file), StandardCharsets.UTF_8)) {
            properties.load(reader);
        }
        return new Settings(properties, file);
    }

    private static String required(Properties properties, String name, File file) throws IOException {
        String value = properties.getProperty(name, "").trim();
        if (value.isEmpty()) {
            throw new IOException("Chancery: " + file + " does not say `" + name + "`; see the README of the plugin");
        }
        return value;
    }
}
