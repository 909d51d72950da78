package io.ecgrid;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;

import java.io.File;
import java.io.IOException;
import java.util.stream.Collectors;

/** Finds the native library, sees whether it fits, and binds {@link NativeMethods} to it. */
final class NativeLoader {
    /** The version of the binding: {@code major << 16 | minor << 8 | patch}, as the native library counts. */
    static final int VERSION = 0x000100;

    /** Says where the library is. The property counts more than the variable. */
    static final String PATH_PROPERTY = "ecgrid.library.path";
    static final String PATH_VARIABLE = "ECGRID_LIBRARY_PATH";

    private static final String FILE_NAME = System.mapLibraryName("ecgrid");
    private static final String OWN_PATH =
            "or put " + FILE_NAME + " somewhere and set -D" + PATH_PROPERTY + "=<that file or its folder>"
                    + " or the variable " + PATH_VARIABLE;

    private static volatile NativeLibrary loaded;

    private NativeLoader() {}

    /** Loads the library unless it is loaded. Everything that makes a native handle comes here first. */
    static NativeLibrary load() {
        NativeLibrary library = loaded;
        return library != null ? library : loadOnce();
    }

    private static synchronized NativeLibrary loadOnce() {
        if (loaded == null) {
            requireJna();
            NativeLibrary library = find();
            int number = versionOf(library);
            String refusal = refusal(number);
            if (refusal != null) {
                String file = String.valueOf(library.getFile());
                library.close();
                throw new EcgridLoadException(file + ": " + refusal, null);
            }
            try {
                Native.register(NativeMethods.class, library);
            } catch (UnsatisfiedLinkError failure) {
                throw new EcgridLoadException(library.getFile() + " lacks a function of version " + text(VERSION) + ": "
                        + reason(failure) + ". Use the library that came with this ecgrid.jar", failure);
            }
            loaded = library;
        }
        return loaded;
    }

    /** Why a library of this version cannot be used, or null: another major, before 1.0 another minor, or older. */
    static String refusal(int number) {
        int major = VERSION >>> 16;
        boolean sameSeries = number >>> 16 == major && (major > 0 || number >>> 8 == VERSION >>> 8);
        if (sameSeries && number >= VERSION) {
            return null;
        }
        String series = major > 0 ? major + ".x" : "0." + (VERSION >>> 8) + ".x";
        return "the native library is version " + text(number) + ", but this is ecgrid for Java " + text(VERSION)
                + ", which needs " + series + " from " + text(VERSION)
                + " on: use the library that came with this ecgrid.jar, or the ecgrid.jar of that library";
    }

    static String text(int number) {
        return (number >>> 16) + "." + (number >>> 8 & 0xFF) + "." + (number & 0xFF);
    }

    private static void requireJna() {
        int pointerSize;
        try {
            pointerSize = Native.POINTER_SIZE;
        } catch (NoClassDefFoundError failure) {
            if (failure.getCause() instanceof ClassNotFoundException) {
                throw new EcgridLoadException("ecgrid needs JNA: put jna.jar on the class path beside ecgrid.jar", failure);
            }
            throw jnaFailed(failure);
        } catch (Error failure) {
            throw jnaFailed(failure);
        }
        if (pointerSize != Long.BYTES) {
            throw new EcgridLoadException("ecgrid needs a 64-bit Java; this one has " + pointerSize * 8 + " bits", null);
        }
    }

    /** JNA unpacks a library of its own into the folder that ours goes to, and never tries again in the same Java. */
    private static EcgridLoadException jnaFailed(Error failure) {
        if (reason(failure).contains("Illegal native access")) {
            return new EcgridLoadException(
                    "Java allows no native code here (--illegal-native-access=deny), and ecgrid needs it: start Java with"
                            + " --enable-native-access=ALL-UNNAMED, or --enable-native-access=com.sun.jna if JNA is on the"
                            + " module path",
                    failure);
        }
        return new EcgridLoadException(
                "JNA, which ecgrid needs, cannot load its own native library: " + reason(failure)
                        + ". If temporary files may not be executed here (noexec), set -Djna.tmpdir=<a folder where"
                        + " they may>, or unpack JNA's library and set -Djna.boot.library.path=<its folder>",
                failure);
    }

    private static NativeLibrary find() {
        String property = System.getProperty(PATH_PROPERTY, "");
        if (!property.isEmpty()) {
            return open(own("the system property " + PATH_PROPERTY, property));
        }
        String variable = System.getenv(PATH_VARIABLE);
        if (variable != null && !variable.isEmpty()) {
            return open(own("the variable " + PATH_VARIABLE, variable));
        }
        String resource = Platform.RESOURCE_PREFIX + "/" + FILE_NAME;
        ClassLoader loader = NativeLoader.class.getClassLoader();
        if (loader.getResource(resource) != null) {
            File file = unpack(resource, loader);
            try {
                return open(file);
            } finally {
                discard(file);
            }
        }
        try {
            return NativeLibrary.getInstance("ecgrid");
        } catch (UnsatisfiedLinkError failure) {
            File unfit = unfitInTheSystem();
            if (unfit != null) {
                throw unfit(unfit, failure);
            }
            throw new EcgridLoadException(
                    "the native library of ecgrid was not found: this ecgrid.jar has none for this platform ("
                            + resource + "), and the system has no " + FILE_NAME + ". Use an ecgrid.jar with "
                            + resource + " in it, " + OWN_PATH,
                    failure);
        }
    }

    private static File own(String setting, String path) {
        File file = new File(path).getAbsoluteFile();
        if (file.isDirectory()) {
            file = new File(file, FILE_NAME);
        }
        if (!file.isFile()) {
            throw new EcgridLoadException(
                    setting + " is " + path + ", but there is no file " + file + ": set it to " + FILE_NAME + " or its folder",
                    null);
        }
        return file;
    }

    private static File unpack(String resource, ClassLoader loader) {
        try {
            File file = Native.extractFromResourcePath("/" + resource, loader);
            if (file == null) {
                throw new EcgridLoadException(
                        "cannot unpack " + resource + " from ecgrid.jar, as jna.nounpack is set: unset it, " + OWN_PATH, null);
            }
            return file;
        } catch (IOException failure) {
            throw new EcgridLoadException(
                    "cannot unpack " + resource + " from ecgrid.jar: " + reason(failure)
                            + ". Set -Djna.tmpdir=<a folder that can be written to>, " + OWN_PATH,
                    failure);
        }
    }

    /** What is loaded needs its name no more, but on Windows, where the next start of JNA deletes what is marked so. */
    private static void discard(File unpacked) {
        if (!unpacked.getName().equals(FILE_NAME) && !unpacked.delete()) {
            try {
                new File(unpacked.getPath() + ".x").createNewFile();
            } catch (IOException left) {
                // It is deleted when Java ends, if it can be.
            }
        }
    }

    /** One that is where JNA looks for libraries, and cannot be loaded here; or null. */
    private static File unfitInTheSystem() {
        String folders = System.getProperty("jna.library.path", "") + File.pathSeparator
                + System.getProperty("jna.platform.library.path", "");
        for (String folder : folders.split(File.pathSeparator)) {
            File file = new File(folder, FILE_NAME);
            if (!folder.isEmpty() && file.isFile() && LibraryFile.misfit(file) != null) {
                return file;
            }
        }
        return null;
    }

    private static EcgridLoadException unfit(File file, Throwable failure) {
        return new EcgridLoadException(
                "cannot load " + file + ": it " + LibraryFile.misfit(file) + ". Use the one for " + Platform.RESOURCE_PREFIX
                        + ": in ecgrid.jar it is " + Platform.RESOURCE_PREFIX + "/" + FILE_NAME + ", " + OWN_PATH,
                failure);
    }

    private static NativeLibrary open(File file) {
        try {
            return NativeLibrary.getInstance(file.getPath());
        } catch (UnsatisfiedLinkError failure) {
            if (LibraryFile.misfit(file) != null) {
                throw unfit(file, failure);
            }
            throw new EcgridLoadException(
                    "cannot load " + file + ": " + reason(failure)
                            + ". If its folder does not allow files to be executed (noexec), set -Djna.tmpdir=<a folder"
                            + " that does>, " + OWN_PATH,
                    failure);
        }
    }

    private static int versionOf(NativeLibrary library) {
        try {
            return library.getFunction("ecgrid_version_number").invokeInt(new Object[0]);
        } catch (UnsatisfiedLinkError failure) {
            throw new EcgridLoadException(
                    library.getFile() + " is not the native library of ecgrid: it has no ecgrid_version_number. Is "
                            + PATH_PROPERTY + " or " + PATH_VARIABLE + " set to another library?",
                    failure);
        }
    }

    /** JNA says in the first line what it tried, and below why it failed. */
    private static String reason(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage()).lines().filter(line -> !line.isBlank()).limit(2)
                .collect(Collectors.joining(" "));
    }
}
