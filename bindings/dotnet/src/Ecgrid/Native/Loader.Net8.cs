#if NET8_0_OR_GREATER
using System;
using System.IO;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Ecgrid.Native
{
    /// <summary>Makes the imports find the library where <see cref="Search"/> says.</summary>
    internal static class Loader
    {
        private static bool _isResolving;

        /// <summary>Before the first import. Where nothing is found, the runtime's own search decides.</summary>
        public static void Prepare()
        {
            if (_isResolving) return;
            try
            {
                NativeLibrary.SetDllImportResolver(typeof(Loader).Assembly, Resolve);
            }
            catch (InvalidOperationException)
            {
                // The program has set one of its own for this assembly, which is to have its way.
            }
            _isResolving = true;
        }

        /// <summary>None: where all is one file, assemblies have no place of their own.</summary>
        public static string AssemblyFolder()
        {
            return "";
        }

        private static IntPtr Resolve(string name, Assembly assembly, DllImportSearchPath? path)
        {
            if (name != NativeMethods.Library) return IntPtr.Zero;
            IntPtr library;
            // A file that was named and is not there is an error and not a reason to look elsewhere.
            if (Search.Named != null) return NativeLibrary.Load(Search.Candidates()[0]);

            // The folder of this assembly, also that of a plug-in, is only known to the runtime.
            const DllImportSearchPath Beside = DllImportSearchPath.AssemblyDirectory;
            foreach (var place in new[] { "", Search.PackageFolder, Path.Combine("..", "..", Search.PackageFolder) })
            {
                var file = Path.Combine(place, Search.FileName);
                if (NativeLibrary.TryLoad(file, assembly, Beside, out library)) return library;
            }
            foreach (var candidate in Search.Candidates())
            {
                if (File.Exists(candidate)) return NativeLibrary.Load(candidate);
            }
            // The system's one, by the name that programs are linked with. Zero: on to the runtime's own search.
            return RuntimeInformation.IsOSPlatform(OSPlatform.Linux)
                && !NativeLibrary.TryLoad(name, assembly, path, out library)
                && NativeLibrary.TryLoad(Search.FileName + ".0", out library)
                ? library
                : IntPtr.Zero;
        }
    }
}
#endif
