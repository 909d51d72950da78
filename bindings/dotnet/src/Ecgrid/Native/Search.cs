using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;

namespace Ecgrid.Native
{
    /// <summary>Where the native library may be.</summary>
    internal static class Search
    {
        public const string Variable = "ECGRID_LIBRARY_PATH";
        public const string Property = "ecgrid.library.path";

        /// <summary>
        /// What the program's property says, or else the variable: a file, or the folder it is in; null when neither is set.
        /// </summary>
        public static string Named
        {
            get
            {
                var named = AppContext.GetData(Property) as string;
                if (string.IsNullOrEmpty(named)) named = Environment.GetEnvironmentVariable(Variable);
                return string.IsNullOrEmpty(named) ? null : named;
            }
        }

        public static string FileName
        {
            get
            {
                if (RuntimeInformation.IsOSPlatform(OSPlatform.Windows)) return "ecgrid.dll";
                return RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? "libecgrid.dylib" : "libecgrid.so";
            }
        }

        /// <summary>The kind of this process, as NuGet names it.</summary>
        public static string Rid
        {
            get
            {
                var system = IsMusl() ? "linux-musl" : "linux";
                if (RuntimeInformation.IsOSPlatform(OSPlatform.Windows)) system = "win";
                if (RuntimeInformation.IsOSPlatform(OSPlatform.OSX)) system = "osx";
                return system + "-" + RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
            }
        }

        /// <summary>Where a NuGet package has it, from its root or beside a program.</summary>
        public static string PackageFolder
        {
            get { return Path.Combine("runtimes", Rid, "native"); }
        }

        /// <summary>The files to try, in this order, before the system's own search.</summary>
        public static List<string> Candidates()
        {
            var named = Named;
            // Who names it means that one: another in its place would be a surprise.
            if (named != null)
            {
                var file = Directory.Exists(named) ? Path.Combine(named, FileName) : named;
                return new List<string> { Path.GetFullPath(file) };
            }

            var candidates = new List<string>();
            foreach (var folder in Folders())
            {
                var candidate = Path.GetFullPath(Path.Combine(folder, FileName));
                if (!candidates.Contains(candidate) && !IsAssembly(candidate)) candidates.Add(candidate);
            }
            return candidates;
        }

        /// <summary>
        /// The file to load, though it may turn out to be no library; null when it is for the system to find one. A file that
        /// was named and is not there is an error and not a reason to look elsewhere.
        /// </summary>
        public static string Found()
        {
            var candidates = Candidates();
            return Named != null ? candidates[0] : candidates.Find(File.Exists);
        }

        /// <summary>Whether the C library is musl, as on Alpine: another one's loader may be on the disk as well.</summary>
        private static bool IsMusl()
        {
            const string Maps = "/proc/self/maps";
            if (!RuntimeInformation.IsOSPlatform(OSPlatform.Linux) || !File.Exists(Maps)) return false;
            foreach (var line in File.ReadLines(Maps))
            {
                if (line.IndexOf("/ld-musl-", StringComparison.Ordinal) >= 0) return true;
            }
            return false;
        }

        /// <summary>Whether it is this assembly, in a file that somebody has called as the library is called.</summary>
        private static bool IsAssembly(string file)
        {
            return string.Equals(file, Loader.AssemblyFile(), StringComparison.OrdinalIgnoreCase);
        }

        private static bool IsPackage(string folder)
        {
            return folder != null && Directory.GetFiles(folder, "*.nuspec").Length > 0;
        }

        private static IEnumerable<string> Folders()
        {
            var file = Loader.AssemblyFile();
            var beside = file.Length == 0 ? "" : Path.GetDirectoryName(file);
            if (!string.IsNullOrEmpty(beside))
            {
                yield return beside;
                yield return Path.Combine(beside, PackageFolder);
                // An unpacked package, and nothing else: two folders up others might be able to write.
                var above = Path.GetDirectoryName(beside);
                if (Path.GetFileName(above) == "lib" && IsPackage(Path.GetDirectoryName(above)))
                {
                    yield return Path.Combine(Path.GetDirectoryName(above), PackageFolder);
                }
            }
            yield return AppContext.BaseDirectory;
            yield return Path.Combine(AppContext.BaseDirectory, PackageFolder);
            foreach (var folder in Loader.HostFolders())
            {
                yield return folder;
                yield return Path.Combine(folder, PackageFolder);
            }
        }
    }
}
