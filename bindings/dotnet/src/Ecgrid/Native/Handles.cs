using System;
using Microsoft.Win32.SafeHandles;

namespace Ecgrid.Native
{
    /// <summary>
    /// A handle of the native library. The runtime counts the calls that use it, so that it is freed once, and only when none
    /// is left: not under a call that runs on another thread.
    /// </summary>
    internal abstract class NativeHandle : SafeHandleZeroOrMinusOneIsInvalid
    {
        // SafeHandle itself counts as closed only when the last call has let go of it.
        private volatile bool _isShut;

        protected NativeHandle()
            : base(true)
        {
        }

        /// <summary>From now on it is closed for whoever asks; it is freed when no call uses it any more.</summary>
        public void Shut()
        {
            _isShut = true;
            Dispose();
        }

        /// <exception cref="ObjectDisposedException">It is closed; the exception names <paramref name="owner"/>.</exception>
        public void CheckOpen(string owner)
        {
            if (_isShut) throw new ObjectDisposedException(owner);
        }

        /// <summary>Reads what is borrowed from the handle, while nobody can free it.</summary>
        /// <exception cref="ObjectDisposedException">The handle is closed; the exception names <paramref name="owner"/>.</exception>
        public T Read<T>(string owner, Func<IntPtr, T> read)
        {
            CheckOpen(owner);
            var held = false;
            try
            {
                DangerousAddRef(ref held);
                return read(handle);
            }
            finally
            {
                if (held) DangerousRelease();
            }
        }
    }

    /// <summary>What a call is made with, and ended by.</summary>
    internal abstract class StopHandle : NativeHandle
    {
        /// <summary>Ends the calls that run with it and later ones as they begin; but never those of sessions made through
        /// a client.</summary>
        public abstract void Stop();
    }

    /// <summary>A handle that calls are made through, and that another handle for one call can be made of.</summary>
    internal abstract class CallHandle<THandle> : StopHandle
        where THandle : CallHandle<THandle>
    {
        /// <summary>Another handle on the same thing, with a cancel of its own.</summary>
        public abstract THandle Clone();

        /// <summary>A timeout for the calls of this handle; 0 is that of the options again.</summary>
        public abstract void SetTimeout(long milliseconds);

        /// <summary>Ends the calls that are running through this handle and what was made from it.</summary>
        public abstract void Cancel();
    }

    internal sealed class ConfigHandle : NativeHandle
    {
        protected override bool ReleaseHandle()
        {
            NativeMethods.ecgrid_config_free(handle);
            return true;
        }
    }

    internal sealed class ClientHandle : CallHandle<ClientHandle>
    {
        public override ClientHandle Clone()
        {
            ClientHandle clone;
            var error = IntPtr.Zero;
            Failure.ThrowIf(NativeMethods.ecgrid_client_clone(this, out clone, ref error), error);
            return clone;
        }

        public override void SetTimeout(long milliseconds)
        {
            var error = IntPtr.Zero;
            Failure.ThrowIf(NativeMethods.ecgrid_client_set_timeout_ms(this, milliseconds, ref error), error);
        }

        public override void Cancel()
        {
            NativeMethods.ecgrid_client_cancel(this);
        }

        public override void Stop()
        {
            NativeMethods.ecgrid_client_stop(this);
        }

        protected override bool ReleaseHandle()
        {
            NativeMethods.ecgrid_client_free(handle);
            return true;
        }
    }

    internal sealed class SessionHandle : CallHandle<SessionHandle>
    {
        public override SessionHandle Clone()
        {
            SessionHandle clone;
            var error = IntPtr.Zero;
            Failure.ThrowIf(NativeMethods.ecgrid_session_clone(this, out clone, ref error), error);
            return clone;
        }

        public override void SetTimeout(long milliseconds)
        {
            var error = IntPtr.Zero;
            Failure.ThrowIf(NativeMethods.ecgrid_session_set_timeout_ms(this, milliseconds, ref error), error);
        }

        public override void Cancel()
        {
            NativeMethods.ecgrid_session_cancel(this);
        }

        public override void Stop()
        {
            NativeMethods.ecgrid_session_stop(this);
        }

        protected override bool ReleaseHandle()
        {
            NativeMethods.ecgrid_session_free(handle);
            return true;
        }
    }

    internal sealed class TokenHandle : NativeHandle
    {
        protected override bool ReleaseHandle()
        {
            NativeMethods.ecgrid_token_free(handle);
            return true;
        }
    }

    internal sealed class ResponseHandle : NativeHandle
    {
        protected override bool ReleaseHandle()
        {
            NativeMethods.ecgrid_response_free(handle);
            return true;
        }
    }
    internal sealed class RouteHandle : NativeHandle
    {
        protected override bool ReleaseHandle()
        {
            NativeMethods.ecgrid_route_free(handle);
            return true;
        }
    }

    internal sealed class ParcelHandle : NativeHandle
    {
        protected override bool ReleaseHandle()
        {
            NativeMethods.ecgrid_parcel_free(handle);
            return true;
        }
    }
}
