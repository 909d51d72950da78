#if NET8_0_OR_GREATER
using System;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Ecgrid.Native
{
    /// <summary>Makes the imports find the library where <see cref="Search"/> says.</summary>
    internal static class Loader
    {
        private static bool _isResolving;
        private static IntPtr _library;

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

        /// <summary>"" where all is one file, and assemblies have no place of their own.</summary>
        [UnconditionalSuppressMessage("SingleFile", "IL3000", Justification = "An empty location is provided for.")]
        public static string AssemblyFile()
        {
            return typeof(Loader).Assembly.Location;
        }

        /// <summary>Nobody copies assemblies elsewhere here before they are loaded.</summary>
        public static string[] HostFolders()
        {
            return new string[0];
        }

        private static IntPtr Resolve(string name, Assembly assembly, DllImportSearchPath? path)
        {
            if (name != NativeMethods.Library) return IntPtr.Zero;
            // The runtime asks for each import: all others come from the one whose version was compared.
            if (!Library.IsReady) _library = Load(assembly, path);
            return _library;
        }

        private static IntPtr Load(Assembly assembly, DllImportSearchPath? path)
        {
            var found = Search.Found();
            if (found != null) return NativeLibrary.Load(found);

            // The system's one, by the name that programs are linked with. Zero: on to the runtime's own search.
            IntPtr library;
            return RuntimeInformation.IsOSPlatform(OSPlatform.Linux)
                && !NativeLibrary.TryLoad(NativeMethods.Library, assembly, path, out library)
                && NativeLibrary.TryLoad(Search.FileName + ".0", out library)
                ? library
                : IntPtr.Zero;
        }
    }
}
#endif
