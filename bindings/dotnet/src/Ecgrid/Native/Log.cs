using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ecgrid.Native
{
    /// <summary>
    /// What the library tells, on its way to a delegate of the program's. The library keeps that by a GC handle, and frees it
    /// when nothing will call it again.
    /// </summary>
    internal static unsafe class Log
    {
        // The library has their addresses, which the garbage collector does not know of: they stay for ever.
        private static readonly LineFunction LineDelegate = Line;
        private static readonly ReleaseFunction ReleaseDelegate = Release;

        private static readonly IntPtr LineAddress = Marshal.GetFunctionPointerForDelegate(LineDelegate);
        private static readonly IntPtr ReleaseAddress = Marshal.GetFunctionPointerForDelegate(ReleaseDelegate);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate void LineFunction(IntPtr context, int level, IntPtr line);

        [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
        private delegate void ReleaseFunction(IntPtr context);

        /// <summary>Without a level it is Info.</summary>
        [MethodImpl(MethodImplOptions.NoInlining)]
        public static void Set(ConfigHandle config, EcgridLogLevel? level, Action<EcgridLogLevel, string> log)
        {
            if (log == null && !level.HasValue) return;
            var number = (int)(level ?? EcgridLogLevel.Info);
            var error = IntPtr.Zero;
            if (log == null)
            {
                var none = IntPtr.Zero;
                Failure.ThrowIf(NativeMethods.ecgrid_config_set_log(config, number, none, none, none, ref error), error);
                return;
            }
            var kept = GCHandle.Alloc(log);
            var status = NativeMethods.ecgrid_config_set_log(
                config, number, LineAddress, GCHandle.ToIntPtr(kept), ReleaseAddress, ref error);
            // It has not become the library's.
            if (status != (int)EcgridStatus.Ok) kept.Free();
            Failure.ThrowIf(status, error);
        }

        [MonoPInvokeCallback(typeof(LineFunction))]
        private static void Line(IntPtr context, int level, IntPtr line)
        {
            try
            {
                var log = (Action<EcgridLogLevel, string>)GCHandle.FromIntPtr(context).Target;
                log((EcgridLogLevel)level, Text.Of(line));
            }
            catch
            {
                // There is nobody to throw it to: native code is above.
            }
        }

        [MonoPInvokeCallback(typeof(ReleaseFunction))]
        private static void Release(IntPtr context)
        {
            GCHandle.FromIntPtr(context).Free();
        }

        /// <summary>Compilers ahead of time, such as Unity's, know by this name what native code calls.</summary>
        [AttributeUsage(AttributeTargets.Method)]
        private sealed class MonoPInvokeCallbackAttribute : Attribute
        {
            public MonoPInvokeCallbackAttribute(Type type)
            {
                Type = type;
            }

            public Type Type { get; }
        }
    }
}
