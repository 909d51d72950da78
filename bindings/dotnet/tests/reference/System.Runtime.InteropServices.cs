// What .NET 8 has and the compiler of the tests has no assembly for that it can read: only to compile against, never run.
using System.Reflection;

[assembly: AssemblyVersion("8.0.0.0")]

namespace System.Runtime.InteropServices
{
    public delegate IntPtr DllImportResolver(string libraryName, Assembly assembly, DllImportSearchPath? searchPath);

    public static class NativeLibrary
    {
        public static void SetDllImportResolver(Assembly assembly, DllImportResolver resolver)
        {
        }

        public static IntPtr Load(string libraryPath)
        {
            return IntPtr.Zero;
        }

        public static bool TryLoad(string libraryPath, out IntPtr handle)
        {
            handle = IntPtr.Zero;
            return false;
        }

        public static bool TryLoad(
            string libraryName, Assembly assembly, DllImportSearchPath? searchPath, out IntPtr handle)
        {
            handle = IntPtr.Zero;
            return false;
        }
    }
}
