using Ecgrid.Native;

namespace Ecgrid
{
    /// <summary>The native library that this assembly works with.</summary>
    public static class EcgridLibrary
    {
        /// <summary>Its version, such as "0.1.0". Loads it, if that has not been done.</summary>
        /// <exception cref="EcgridLibraryException">The native library cannot be loaded.</exception>
        public static string Version
        {
            get
            {
                Library.Ensure();
                return Library.LoadedVersion();
            }
        }
    }
}
