using System;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ecgrid.Native
{
    /// <summary>Loads the native library once, and makes sure that it is of a version this assembly works with.</summary>
    internal static class Library
    {
        // ECGRID_VERSION_NUMBER of the header that NativeMethods was written after.
        private const uint Wanted = 0x000100;

        private static readonly object Gate = new object();
        private static volatile bool _ready;

        /// <summary>Comes before whatever makes the first handle. What failed is tried again by the next call.</summary>
        /// <remarks>
        /// Mono looks imports up when it compiles the method that calls them, and remembers failures. So who calls this calls
        /// no import itself, but by way of methods that are not inlined.
        /// </remarks>
        public static void Ensure()
        {
            if (_ready) return;
            lock (Gate)
            {
                if (_ready) return;
                CheckVersion(ReadVersion());
                _ready = true;
            }
        }

        /// <summary>Whether the library is loaded, and of a version that will do.</summary>
        public static bool IsReady
        {
            get { return _ready; }
        }

        /// <summary>The version of the library that is loaded.</summary>
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static string LoadedVersion()
        {
            return Text.Of(NativeMethods.ecgrid_version());
        }

        private static uint ReadVersion()
        {
            try
            {
                Loader.Prepare();
                return FoundVersion();
            }
            catch (DllNotFoundException error)
            {
                throw NotLoaded("was not found, or lacks a library that it needs itself", error);
            }
            catch (BadImageFormatException error)
            {
                throw NotLoaded("was found, but is no library for this kind of process", error);
            }
            catch (EntryPointNotFoundException error)
            {
                throw NotLoaded("was found, but lacks ecgrid_version_number: it is another library of that name", error);
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private static uint FoundVersion()
        {
            return NativeMethods.ecgrid_version_number();
        }

        private static EcgridLibraryException NotLoaded(string problem, Exception error)
        {
            var named = Search.Named;
            return new EcgridLibraryException(
                "the native library of ECGrid " + problem + ". This is a process for " + Search.Rid
                    + ", so put " + Search.FileName + " for " + Search.Rid + " beside the program or into "
                    + Search.PackageFolder + " there, or set the variable " + Search.Variable + ", or the property "
                    + Search.Property + " of AppContext, to the file or its folder ("
                    + (named == null ? "neither is set" : "it is " + named) + "). Looked for: " + Places()
                    + ". The runtime says: " + error.Message,
                error);
        }

        private static void CheckVersion(uint found)
        {
            if (Fits(found, Wanted)) return;
            throw new EcgridLibraryException(
                "the native library of ECGrid that was loaded has version " + LoadedVersion()
                    + ", and this Ecgrid.Client.dll needs " + Shown(Wanted)
                    + " or a later one that is compatible: take both from one package, and look for a stray "
                    + Search.FileName + " where it was looked for (" + Places() + ")");
        }

        private static string Places()
        {
            return string.Join(", ", Search.Candidates()) + (Search.Named == null ? ", and where the system looks" : "");
        }

        private static bool Fits(uint found, uint wanted)
        {
            // While the major version is 0, each minor version may change everything.
            var compatible = wanted >> 16 == 0 ? 8 : 16;
            return found >> compatible == wanted >> compatible && found >= wanted;
        }

        private static string Shown(uint version)
        {
            return string.Format(
                CultureInfo.InvariantCulture, "{0}.{1}.{2}", version >> 16, (version >> 8) & 0xff, version & 0xff);
        }
    }
}
