using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;

namespace Ecgrid.Native
{
    /// <summary>Where the native library may be.</summary>
    internal static class Search
    {
        /// <summary>What ECGRID_LIBRARY_PATH says: a file, or the folder it is in; null when it is not set.</summary>
        public static string Named
        {
            get
            {
                var named = Environment.GetEnvironmentVariable("ECGRID_LIBRARY_PATH");
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
                var system = "linux";
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
            if (named != null) return new List<string> { Directory.Exists(named) ? Path.Combine(named, FileName) : named };

            var candidates = new List<string>();
            foreach (var folder in Folders())
            {
                foreach (var place in new[] { "", PackageFolder, Path.Combine("..", "..", PackageFolder) })
                {
                    var candidate = Path.GetFullPath(Path.Combine(folder, place, FileName));
                    if (!candidates.Contains(candidate)) candidates.Add(candidate);
                }
            }
            return candidates;
        }

        private static IEnumerable<string> Folders()
        {
            var beside = Loader.AssemblyFolder();
            if (!string.IsNullOrEmpty(beside)) yield return beside;
            yield return AppContext.BaseDirectory;
        }
    }
}
