package org.chancery.omegat;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import org.omegat.util.Language;
import org.omegat.util.StaticUtils;

/** What chancery.properties in the configuration folder of OmegaT says. */
final class Settings {
    final String library;
    final String memory;
    final String author;
    /** A glossary or a folder of them, beside the terms of the memory; empty for none. */
    final String glossary;
    /** Whether translations go into the memory as drafts. */
    final boolean drafts;
    /** The lowest rank of a match, and how many at most. */
    final double threshold;
    final int limit;
    /** Below which percentage OmegaT is to score a match whose meaning differs. */
    final int guardedBelow;
    private final String source;
    private final String target;

    private Settings(Properties properties, File file) throws IOException {
        library = required(properties, "library", file);
        memory = required(properties, "memory", file);
        author = properties.getProperty("author", System.getProperty("user.name", "")).trim();
        glossary = properties.getProperty("glossary", "").trim();
        drafts = Boolean.parseBoolean(properties.getProperty("drafts", "true").trim());
        threshold = number(properties, "threshold", 70, 102, file);
        limit = number(properties, "limit", 5, 1000, file);
        guardedBelow = number(properties, "guarded-below", 70, 100, file);
        source = properties.getProperty("source", "").trim();
        target = properties.getProperty("target", "").trim();
    }

    /** The language to look up for the source of a project. */
    String source(Language project) {
        return source.isEmpty() ? project.getLanguageCode() : source;
    }

    /** The language to look up for its target. */
    String target(Language project) {
        return target.isEmpty() ? project.getLanguageCode() : target;
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

    private static int number(Properties properties, String name, int otherwise, int most, File file) throws IOException {
        String value = properties.getProperty(name, Integer.toString(otherwise)).trim();
        try {
            int number = Integer.parseInt(value);
            if (number >= 0 && number <= most) {
                return number;
            }
        } catch (NumberFormatException none) {
            // Said below.
        }
        throw new IOException("Chancery: " + file + " says `" + name + "=" + value + "`; it is a number from 0 to " + most);
    }

    private static String required(Properties properties, String name, File file) throws IOException {
        String value = properties.getProperty(name, "").trim();
        if (value.isEmpty()) {
            throw new IOException("Chancery: " + file + " does not say `" + name + "`; see the README of the plugin");
        }
        return value;
    }
}
