#if !NET8_0_OR_GREATER
using System;
using System.Collections.Generic;
using System.IO;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;

namespace Ecgrid.Native
{
    /// <summary>
    /// Makes the imports find the library where <see cref="Search"/> says, by what each runtime has for it: a resolver (.NET
    /// Core 3 and later), a map of names (Mono), a library of that name that is loaded already (.NET Framework).
    /// </summary>
    internal static unsafe class Loader
    {
        private const int Now = 2;
        // What the library itself needs comes from its own folder and the system's, and from no other. A Windows 7 without its
        // updates does not know that.
        private const uint SafeSearchPath = 0x900;
        private const uint AlteredSearchPath = 8;

        private static bool _isResolving;
        private static IntPtr _library;

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate void MapInsert(IntPtr assembly, byte* library, byte* function, byte* target, byte* other);

        /// <summary>Before the first import. Where nothing is found, the runtime's own search decides.</summary>
        public static void Prepare()
        {
            if (Type.GetType("Mono.Runtime") != null) PrepareMono();
            else if (!PrepareResolver()) PrepareFramework();
        }

        /// <summary>"" where assemblies are loaded from memory, as by programs that are packed into one file.</summary>
        public static string AssemblyFile()
        {
            return typeof(Loader).Assembly.Location ?? "";
        }

        /// <summary>
        /// Where the program's assemblies are, when its host loads copies of them from a folder that is nobody's (ASP.NET on .NET
        /// Framework): where this one was copied from, and where the host looks for private ones.
        /// </summary>
        public static List<string> HostFolders()
        {
            var folders = new List<string>();
            Uri copiedFrom;
#pragma warning disable SYSLIB0012 // On .NET Framework nothing else says it.
            if (Uri.TryCreate(typeof(Loader).Assembly.CodeBase, UriKind.Absolute, out copiedFrom) && copiedFrom.IsFile)
#pragma warning restore SYSLIB0012
            {
                folders.Add(Path.GetDirectoryName(copiedFrom.LocalPath));
            }
            var domain = typeof(AppDomain).GetProperty("RelativeSearchPath");
            var relative = domain == null ? null : domain.GetValue(AppDomain.CurrentDomain) as string;
            foreach (var folder in (relative ?? "").Split(new[] { ';' }, StringSplitOptions.RemoveEmptyEntries))
            {
                folders.Add(Path.Combine(AppContext.BaseDirectory, folder));
            }
            return folders;
        }

        private static void PrepareMono()
        {
            if (RuntimeInformation.IsOSPlatform(OSPlatform.Windows))
            {
                PrepareFramework();
                return;
            }
            var found = Search.Found() ?? (RuntimeInformation.IsOSPlatform(OSPlatform.Linux) ? Search.FileName + ".0" : null);
            if (found == null) return;
            fixed (byte* library = Bytes(NativeMethods.Library), target = Bytes(found), symbol = Bytes("mono_dllmap_insert"))
            {
                // Without a file of ours, the system's one, by the name that programs are linked with; if there is one.
                if (LoadByName(target) == IntPtr.Zero)
                {
                    if (!Path.IsPathRooted(found)) return;
                    throw new DllNotFoundException(found);
                }
                var insert = SymbolOf(symbol);
                if (insert == IntPtr.Zero) return;
                var map = (MapInsert)Marshal.GetDelegateForFunctionPointer(insert, typeof(MapInsert));
                map(IntPtr.Zero, library, null, target, null);
            }
        }

        private static IntPtr LoadByName(byte* name)
        {
            try
            {
                return dlopen(name, Now);
            }
            catch (DllNotFoundException)
            {
                return IntPtr.Zero;
            }
        }

        /// <summary>Of the runtime, which exports it; zero where that is built without.</summary>
        private static IntPtr SymbolOf(byte* symbol)
        {
            try
            {
                var runtime = dlopen(null, Now);
                return runtime == IntPtr.Zero ? IntPtr.Zero : dlsym(runtime, symbol);
            }
            catch (DllNotFoundException)
            {
                return IntPtr.Zero;
            }
        }

        private static bool PrepareResolver()
        {
            var library = Type.GetType("System.Runtime.InteropServices.NativeLibrary, System.Runtime.InteropServices");
            var resolver = Type.GetType("System.Runtime.InteropServices.DllImportResolver, System.Runtime.InteropServices");
            var found = Search.Found();
            if (library == null || resolver == null) return false;
            if (found == null || _isResolving) return true;
            const BindingFlags Own = BindingFlags.Static | BindingFlags.NonPublic;
            var resolve = Delegate.CreateDelegate(resolver, typeof(Loader).GetMethod(nameof(Resolve), Own));
            try
            {
                library.GetMethod("SetDllImportResolver").Invoke(null, new object[] { typeof(Loader).Assembly, resolve });
            }
            catch (TargetInvocationException error) when (error.InnerException is InvalidOperationException)
            {
                // The program has set one of its own for this assembly, which is to have its way.
            }
            _isResolving = true;
            return true;
        }

        private static IntPtr Resolve(string name, Assembly assembly, DllImportSearchPath? path)
        {
            if (name != NativeMethods.Library) return IntPtr.Zero;
            // The runtime asks for each import: all others come from the one whose version was compared.
            if (Library.IsReady) return _library;
            var found = Search.Found();
            if (found == null) return IntPtr.Zero;
            var library = Type.GetType("System.Runtime.InteropServices.NativeLibrary, System.Runtime.InteropServices");
            try
            {
                return _library = (IntPtr)library.GetMethod("Load", new[] { typeof(string) }).Invoke(null, new object[] { found });
            }
            catch (TargetInvocationException error) when (error.InnerException != null)
            {
                throw error.InnerException;
            }
        }

        private static void PrepareFramework()
        {
            var found = Search.Found();
            if (found == null || !RuntimeInformation.IsOSPlatform(OSPlatform.Windows)) return;
            // Loaded by its path, it is the one that the import finds by its name.
            fixed (char* path = found)
            {
                if (LoadLibraryExW(path, IntPtr.Zero, SafeSearchPath) != IntPtr.Zero) return;
                if (LoadLibraryExW(path, IntPtr.Zero, AlteredSearchPath) != IntPtr.Zero || Search.Named == null) return;
            }
            throw new DllNotFoundException(found);
        }

        private static byte[] Bytes(string text)
        {
            return Encoding.UTF8.GetBytes(text + "\0");
        }

        [DllImport("libdl.so.2", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        private static extern IntPtr dlopen(byte* path, int how);

        [DllImport("libdl.so.2", CallingConvention = CallingConvention.Cdecl, ExactSpelling = true)]
        private static extern IntPtr dlsym(IntPtr library, byte* symbol);

        [DllImport("kernel32", CallingConvention = CallingConvention.Winapi, ExactSpelling = true)]
        private static extern IntPtr LoadLibraryExW(char* path, IntPtr none, uint how);
    }
}
#endif
